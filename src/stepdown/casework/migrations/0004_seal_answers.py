"""Addresses in referrals that are kept secret are encrypted, as those of people are."""

from typing import Any

from django.db import migrations, models

from stepdown.hub.actions.shielding import seal_old


def wipe(_apps: Any, editor: Any) -> None:
    """On SQLite what is overwritten from now on is wiped too, not only set free."""
    if editor.connection.vendor == "sqlite":
        editor.execute("PRAGMA secure_delete=ON")


def seal(apps: Any, editor: Any) -> None:
    """Row by row."""
    table = apps.get_model("casework", "ReferralAnswers")
    rows = table.objects.filter(category="shielded-location").exclude(answers={})
    for row in rows.iterator(chunk_size=500):
        row.sealed_key, row.sealed = seal_old(
            "casework_referralanswers", row.referral_id, row.answers
        )
        row.answers = {}
        row.save()


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_callers")]
    operations = [
        migrations.RunPython(wipe),
        migrations.AddField("referralanswers", "sealed", models.BinaryField(default=b"")),
        migrations.AddField(
            "referralanswers", "sealed_key", models.CharField(blank=True, max_length=16)
        ),
        migrations.RunPython(seal),
    ]
