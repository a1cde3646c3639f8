from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_known_device_authenticator'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='enrol_only_from',
            field=models.DateField(null=True),
        ),
    ]
