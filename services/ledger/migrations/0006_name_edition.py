from uuid import uuid4

from django.db import migrations, models


def make_the_first(apps, schema_editor):
    """Let there be an edition; without one nothing is remembered."""
    editions = apps.get_model('ledger', 'NameEdition').objects
    editions.using(schema_editor.connection.alias).create(id=1, edition=str(uuid4()))


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_entries_pending_together'),
    ]

    operations = [
        migrations.CreateModel(
            name='NameEdition',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('edition', models.CharField(max_length=36)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='there_is_one_name_edition')],
            },
        ),
        migrations.RunPython(make_the_first, migrations.RunPython.noop),
    ]
