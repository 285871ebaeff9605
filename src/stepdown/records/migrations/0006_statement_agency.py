"""A statement stands beside the record of the agency that was asked to correct it."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    requests = apps.get_model("records", "RightsRequest").objects
    asked = requests.filter(pk=OuterRef("asked_in")).values("agency")[:1]
    statements = apps.get_model("people", "PersonStatement").objects
    statements.filter(agency=None).update(agency=Subquery(asked))


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_statement_agency"),
        ("records", "0005_disposal_stays"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
