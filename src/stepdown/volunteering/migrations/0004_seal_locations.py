"""Places of needs that are shielded are encrypted: nothing of them stays in clear in their row."""

from typing import Any

from django.db import migrations, models

from stepdown.hub.actions.shielding import seal_old

_NAMES = ("postcode", "easting", "northing")


def wipe(_apps: Any, editor: Any) -> None:
    """On SQLite what is overwritten from now on is wiped too, not only set free."""
    if editor.connection.vendor == "sqlite":
        editor.execute("PRAGMA secure_delete=ON")


def seal(apps: Any, editor: Any) -> None:
    """Row by row."""
    table = apps.get_model("volunteering", "NeedShieldedLocation")
    for row in table.objects.iterator(chunk_size=500):
        plain = {name: getattr(row, name) for name in _NAMES}
        row.sealed_key, row.sealed = seal_old("volunteering_needshieldedlocation", row.pk, plain)
        row.postcode, row.easting, row.northing = "", 0, 0
        row.save()


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0003_plan_most_changes")]
    operations = [
        migrations.RunPython(wipe),
        migrations.AddField("needshieldedlocation", "sealed", models.BinaryField(default=b"")),
        migrations.AddField(
            "needshieldedlocation", "sealed_key", models.CharField(blank=True, max_length=16)
        ),
        migrations.RunPython(seal),
        migrations.RemoveField("needshieldedlocation", "postcode"),
        migrations.RemoveField("needshieldedlocation", "easting"),
        migrations.RemoveField("needshieldedlocation", "northing"),
    ]
