from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def of_transactions(apps, _schema_editor):
    """What a flagged transaction holds already is held on its account from now on."""
    holds = apps.get_model("accounts", "Hold").objects.filter(why="transaction", lifted_at=None)
    asked = apps.get_model("accounts", "Transaction").objects.filter(hold=OuterRef("pk"))
    holds.filter(pk__in=asked.model.objects.exclude(account="").values("hold")).update(
        account=Subquery(asked.values("account")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0060_platforms")]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="account",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(
                    ("lifted_at__isnull", True), models.Q(("account", ""), _negated=True)
                ),
                fields=["account"],
                name="hold_by_account",
            ),
        ),
        migrations.RunPython(of_transactions, migrations.RunPython.noop),
    ]
