from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0005_deny_multi_delete'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='job_name_prefixes',
            field=models.TextField(
                blank=True,
                db_default='',
                default='',
                help_text='What is cut off names at a panel (policy.job_names).',
            ),
        ),
    ]
