from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_show_first_pages'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='idle_minutes',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Who does nothing in the console for so long is signed out; 0: nobody is.'),
        ),
        migrations.AddField(
            model_name='policy',
            name='lockout_minutes',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='A lock after wrong attempts ends by itself; 0: when somebody ends it.'),
        ),
        migrations.AddField(
            model_name='policy',
            name='password_length_min',
            field=models.PositiveSmallIntegerField(db_default=10, default=10),
        ),
    ]
