"""Indexes for support: an address, and each word of a name by its first letters."""

from django.db import migrations, models

NAME = "user_by_word_of_name"


def add(apps, schema_editor):
    """The expression is that of ``SearchVector("name", config="simple")``."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {NAME} ON accounts_user USING gin "
            "(to_tsvector('simple'::regconfig, COALESCE(name, '')))"
        )


def drop(apps, schema_editor):
    """What ``add`` made."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {NAME}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0037_approvals")]

    operations = [
        migrations.AddIndex(
            model_name="emailaddress",
            index=models.Index(fields=["address"], name="email_by_address"),
        ),
        migrations.RunPython(add, drop),
    ]
