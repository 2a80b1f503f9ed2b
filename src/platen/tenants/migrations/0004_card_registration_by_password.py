from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0003_policy_sign_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='card_registration_by_password',
            field=models.BooleanField(
                default=False,
                help_text="A new card can be registered with the person's password in place of a PUK.",
            ),
        ),
    ]
