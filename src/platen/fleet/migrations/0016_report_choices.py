import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0015_indexes_of_pages'),
        ('tenants', '0006_job_name_prefixes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_id', models.BigIntegerField()),
                ('kind', models.CharField(help_text='fleet.reports.KINDS', max_length=16)),
                ('wish', models.JSONField(default=dict, help_text='fleet.reports.Wish')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'everywhere',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'owner_id', 'kind'), name='report_choice_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('everywhere', django.db.models.manager.Manager()),
            ],
        ),
    ]
