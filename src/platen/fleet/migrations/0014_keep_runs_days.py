from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0013_state_summary'),
    ]

    operations = [
        migrations.AddField(
            model_name='fleetsettings',
            name='keep_runs_days',
            field=models.PositiveIntegerField(db_default=400, default=400, help_text='Runs of tasks, with results.'),
        ),
    ]
