from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_challenge_test'),
    ]

    operations = [
        migrations.AddField(
            model_name='knowndevice',
            name='authenticator',
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
