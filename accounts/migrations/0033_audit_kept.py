"""Entries from before have a kind; and what is written in the audit stays as it was written.

The trigger holds for every role, the owner of the table too, until it is dropped; the chain and
its checkpoints show what somebody does who drops it.
"""

from django.db import migrations

from accounts.audit import kinds

REFUSE = """
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only appended to' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
KEEP = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
"""
FREE = """
DROP TRIGGER {table}_kept ON {table};
DROP TRIGGER {table}_not_emptied ON {table};
"""
TABLES = ("accounts_entry", "accounts_checkpoint")


def fill(apps, schema_editor):
    entries = apps.get_model("accounts", "Entry").objects
    for event in entries.order_by("event").values_list("event", flat=True).distinct():
        entries.filter(event=event).update(kind=kinds.of(event).value)


def keep(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REFUSE)
        for table in TABLES:
            schema_editor.execute(KEEP.format(table=table))


def free(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(FREE.format(table=table))
        schema_editor.execute("DROP FUNCTION audit_is_kept()")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0032_audit_kinds")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(keep, free),
    ]
