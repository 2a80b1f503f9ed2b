from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
        ('fleet', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='regional',
            field=models.BooleanField(db_default=False, default=False, help_text='What the role allows holds for devices of `regions` only.'),
        ),
        migrations.AddField(
            model_name='user',
            name='regions',
            field=models.ManyToManyField(blank=True, related_name='+', to='fleet.region'),
        ),
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('user', 'User'), ('auditor', 'Auditor'), ('help-desk', 'Help desk'), ('device-manager', 'Device manager'), ('administrator', 'Administrator')], default='user', max_length=16),
        ),
    ]
