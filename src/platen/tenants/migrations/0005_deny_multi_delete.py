from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0004_card_registration_by_password'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='deny_multi_delete',
            field=models.BooleanField(
                db_default=False, default=False, help_text='People are deleted one by one.'
            ),
        ),
    ]
