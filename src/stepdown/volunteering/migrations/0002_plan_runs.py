"""Plans made by the hub's jobs: a row a run, plans that are written in parts, what changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import stepdown.kernel.ids

_OPEN = models.Q(("current", 1), ("state__in", ["asked", "running"]))
_ENDED = models.Q(("current__isnull", True), ("state__in", ["made", "cancelled", "failed", "lost"]))
_STATES = [(one, one) for one in ("asked", "running", "made", "cancelled", "failed", "lost")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("volunteering", "0001_initial"),
    ]

    operations = [
        migrations.DeleteModel(name="PlanRun"),
        migrations.AddField(
            model_name="plan",
            name="complete",
            # Those that are there already are whole.
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="plan",
            name="complete",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="planpair",
            name="changed_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="changed",
                to="volunteering.plan",
            ),
        ),
        migrations.CreateModel(
            name="PlanRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=stepdown.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("state", models.CharField(choices=_STATES, default="asked", max_length=10)),
                (
                    "current",
                    models.PositiveSmallIntegerField(default=1, null=True, unique=True),
                ),
                ("asked_at", models.DateTimeField()),
                ("seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                ("phase", models.CharField(blank=True, max_length=20)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="run",
                        to="volunteering.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(_OPEN, _ENDED, _connector="OR"),
                        name="plan_run_current_until_it_ends",
                    )
                ],
            },
        ),
    ]
