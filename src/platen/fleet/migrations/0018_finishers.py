from django.db import migrations, models


class Migration(migrations.Migration):
    """What a machine finishes with, and by which ways documents reach it. Nothing until it is read again."""

    dependencies = [("fleet", "0017_response_usual")]

    operations = [
        migrations.AddField(
            model_name="machine",
            name="finishers",
            field=models.JSONField(help_text="What it staples, punches, folds and stacks with.", null=True),
        ),
        migrations.AddField(
            model_name="machine",
            name="finishing",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Kinds of the finishers that are there, divided by spaces.",
                max_length=255,
            ),
        ),
        migrations.AddField(
            model_name="machine",
            name="ports",
            field=models.JSONField(help_text="The ways by which documents reach it.", null=True),
        ),
    ]
