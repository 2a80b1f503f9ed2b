from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0001_initial'),
        ('tasks', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='regions',
            field=models.ManyToManyField(blank=True, help_text='Its targets are of these only; none: of all.', related_name='+', to='fleet.region'),
        ),
        migrations.AddField(
            model_name='run',
            name='regions',
            field=models.ManyToManyField(blank=True, help_text='As its task had them.', related_name='+', to='fleet.region'),
        ),
    ]
