from typing import Any

from django.db import migrations

OPEN = ("in-hand", "question-asked", "for-approval", "approved")


def make(apps: Any, editor: Any) -> None:
    """What was granted before the hub obeyed it, and objections that are not decided, bite now.

    Nothing was ever written into the table that goes.
    """
    requests = apps.get_model("records", "RightsRequest")
    book = apps.get_model("people", "Restriction")
    known = requests.objects.filter(person__isnull=False)
    granted = known.filter(kind__in=("restriction", "objection"), state="answered")
    pending = known.filter(kind="objection", state__in=OPEN)
    for held in (granted | pending).order_by("pk").iterator(chunk_size=500):
        why = "asked" if held.kind == "restriction" else "upheld"
        if held.state != "answered":
            why = "objection"
        book.objects.create(person_id=held.person_id, asked_in=held.pk, why=why, since=held.made_at)


def unmake(apps: Any, editor: Any) -> None:
    """The requests say the same."""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_restriction"),
        ("records", "0003_erasure_ground"),
    ]
    operations = [
        migrations.RunPython(make, unmake),
        migrations.DeleteModel(name="RightsMark"),
    ]
