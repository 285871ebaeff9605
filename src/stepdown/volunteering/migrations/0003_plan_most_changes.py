"""A plan may be asked to change no more than so many matches of the last one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0002_plan_runs")]

    operations = [
        migrations.AddField(
            model_name="planrun",
            name="most_changes",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
