"""Documents that are withdrawn, and secrets of webhooks that one person sees once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class AddConstraintLive(migrations.AddConstraint):
    """A unique index without a lock on a table that may hold millions of rows, where the database
    can do that."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            made = str(self.constraint.create_sql(model, schema_editor))
            made = made.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1)
            schema_editor.execute(made)


class AddCheckLive(migrations.AddConstraint):
    """A check that holds from now on at once; the rows that are there are looked at without keeping
    anybody from writing."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(f"{self.constraint.create_sql(model, schema_editor)} NOT VALID")
            table = schema_editor.quote_name(model._meta.db_table)
            name = schema_editor.quote_name(self.constraint.name)
            schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0059_transactions_of_systems")]

    operations = [
        migrations.AddField("document", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AlterField("document", "key", models.BinaryField(null=True)),
        AddConstraintLive(
            "document",
            models.UniqueConstraint(
                fields=["account", "kind", "period", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="same_document_is_one",
            ),
        ),
        migrations.RemoveConstraint("document", "same_document_once"),
        AddCheckLive(
            "document",
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, key__isnull=False)
                | Q(withdrawn_at__isnull=False, key__isnull=True),
                name="document_opens_until_withdrawn",
            ),
        ),
        migrations.AddField(
            "hookkey",
            "shown_to",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("hookkey", "shown_at", models.DateTimeField(null=True)),
    ]
