"""Indexes of the desk and of the report of staff, built while the tables are written to."""

from django.db import migrations, models


class AddIndexLive(migrations.AddIndex):
    """Without a lock on a table that may hold millions of rows, where the database can do that."""

    atomic = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_index(model, self.index, concurrently=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0057_console_with_two")]

    operations = [
        AddIndexLive(
            "entry",
            models.Index(
                fields=["actor", "-id", "event", "at"],
                name="audit_of_staff",
                condition=models.Q(actor__startswith="staff:"),
            ),
        ),
        AddIndexLive(
            "message",
            models.Index(
                fields=["status", "-created_at", "-id"],
                name="message_not_delivered",
                condition=models.Q(status__in=["undelivered", "failed"]),
            ),
        ),
        migrations.RemoveIndex("entry", "audit_by_staff"),
    ]
