from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sls', '0008_policy'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='passkey_since',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='used_here',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='attempt',
            name='ways',
            field=models.PositiveSmallIntegerField(default=1),
        ),
    ]
