from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_password_history'),
    ]

    operations = [
        migrations.AlterField(
            model_name='hold',
            name='why',
            field=models.CharField(choices=[('authenticator', 'Authenticator'), ('email', 'Email'), ('phone', 'Phone'), ('sim', 'Sim'), ('password', 'Password')], max_length=16),
        ),
    ]
