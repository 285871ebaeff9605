"""A rate is verified by somebody other than who entered it. Nobody else had looked at those that
were called verified, so they wait for it again; who entered each stands in the ledger."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    users = apps.get_model("hub", "User").objects
    entries = apps.get_model("hub", "LedgerEntry").objects
    wrote = entries.filter(verb="rate.set", object_kind="rate", object_id=OuterRef("pk"))
    there = wrote.filter(actor_user__in=users.values("pk")).order_by("id")
    rates = apps.get_model("casework", "Rate").objects
    rates.update(entered_by=Subquery(there.values("actor_user")[:1]))


WHO: dict[str, Any] = {
    "null": True,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0006_apitoken"),
        ("casework", "0013_funding_performance"),
    ]

    operations = [
        migrations.RemoveField("rate", "verified"),
        migrations.AddField("rate", "entered_by", models.ForeignKey(**WHO)),
        migrations.AddField("rate", "verified_by", models.ForeignKey(**WHO)),
        migrations.AddField("rate", "verified_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "rate",
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("entered_by")),
                name="rate_verified_by_another",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
