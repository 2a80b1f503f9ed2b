from django.db import migrations, models


class Migration(migrations.Migration):
    """How fast a machine usually answers, beside how fast it answered last."""

    dependencies = [("fleet", "0016_report_choices")]

    operations = [
        migrations.AlterField(
            model_name="machine",
            name="response_ms",
            field=models.FloatField(help_text="The last time.", null=True),
        ),
        migrations.AddField(
            model_name="machine",
            name="response_usual_ms",
            field=models.FloatField(help_text="Of late: each time counts a sixteenth.", null=True),
        ),
    ]
