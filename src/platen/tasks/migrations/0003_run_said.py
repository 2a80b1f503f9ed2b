from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0002_regions'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='said',
            field=models.JSONField(help_text='What the message was made of (policy.said); null: nobody knows.', null=True),
        ),
    ]
