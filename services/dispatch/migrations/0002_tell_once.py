from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def let_doubles_stand(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Count what waits already as claimed once: equal messages may stand side by side."""
    messages = apps.get_model("dispatch", "OutboxMessage").objects
    messages.using(editor.connection.alias).filter(fence=0).update(fence=1)


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]

    operations = [
        migrations.RunPython(let_doubles_stand, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("fence", 0)),
                fields=("task", "key"),
                name="outbox_unclaimed",
            ),
        ),
    ]
