from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0010_days_in_months_fill"),
    ]

    operations = [
        migrations.DeleteModel(name="DayMeters"),
        migrations.AlterField(
            model_name="monthmeters",
            name="at_end",
            field=models.JSONField(
                default=dict, help_text="Every meter as last believed in it; once the next has begun."
            ),
        ),
    ]
