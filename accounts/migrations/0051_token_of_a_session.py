from django.db import migrations, models
from django.db.models import F


def fill(apps, _editor):
    apps.get_model("accounts", "Session").objects.update(token=F("key"))


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0050_approvals_by_id"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="token",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint("token", name="session_of_a_token"),
        ),
    ]
