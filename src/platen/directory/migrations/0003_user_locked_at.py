from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_user_regions'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='locked_at',
            field=models.DateTimeField(help_text='By too many wrong attempts; null: by a person, or not at all.', null=True),
        ),
    ]
