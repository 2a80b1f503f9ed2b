from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0008_supply_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="monthmeters",
            name="days",
            field=models.TextField(
                blank=True, default="", help_text="Its days (policy.fleet.month_days); empty: kept no longer."
            ),
            preserve_default=False,
        ),
    ]
