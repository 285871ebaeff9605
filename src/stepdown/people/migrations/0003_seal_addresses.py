"""Shielded addresses are encrypted: nothing of them stays in clear in their row."""

from typing import Any

from django.db import migrations, models

from stepdown.hub.actions.shielding import seal_old

_NAMES = ("lines", "postcode", "easting", "northing")


def wipe(_apps: Any, editor: Any) -> None:
    """On SQLite what is overwritten from now on is wiped too, not only set free."""
    if editor.connection.vendor == "sqlite":
        editor.execute("PRAGMA secure_delete=ON")


def seal(apps: Any, editor: Any) -> None:
    """Row by row."""
    table = apps.get_model("people", "ShieldedAddress")
    for row in table.objects.iterator(chunk_size=500):
        plain = {name: getattr(row, name) for name in _NAMES}
        row.sealed_key, row.sealed = seal_old("people_shieldedaddress", row.pk, plain)
        row.lines, row.postcode, row.easting, row.northing = "", "", None, None
        row.save()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_consent")]
    operations = [
        migrations.RunPython(wipe),
        migrations.AddField("shieldedaddress", "sealed", models.BinaryField(default=b"")),
        migrations.AddField(
            "shieldedaddress", "sealed_key", models.CharField(blank=True, max_length=16)
        ),
        migrations.RunPython(seal),
        migrations.RemoveField("shieldedaddress", "lines"),
        migrations.RemoveField("shieldedaddress", "postcode"),
        migrations.RemoveField("shieldedaddress", "easting"),
        migrations.RemoveField("shieldedaddress", "northing"),
    ]
