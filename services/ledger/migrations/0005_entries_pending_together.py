from itertools import islice

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

ROWS_AT_ONCE = 4_096


def keep_waiting(apps, schema_editor):
    """Let each entry that waits for its place wait as before, by itself."""
    alias = schema_editor.connection.alias
    old = apps.get_model('ledger', 'PendingEntry').objects.using(alias)
    new = apps.get_model('ledger', 'PendingEntries')
    entries = apps.get_model('ledger', 'LogEntry').objects.using(alias)
    waiting = entries.filter(pk__in=old.values('entry_id')).order_by('pk')
    hashes = waiting.values_list('pk', 'leaf_hash').iterator(chunk_size=ROWS_AT_ONCE)
    while page := list(islice(hashes, ROWS_AT_ONCE)):
        new.objects.using(alias).bulk_create(
            new(first_id=pk, entry_ids=pk.to_bytes(8, 'big'), hashes=bytes(leaf_hash))
            for pk, leaf_hash in page
        )


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_indexes_of_the_explorer'),
    ]

    operations = [
        migrations.CreateModel(
            name='PendingEntries',
            fields=[
                ('first_id', models.BigIntegerField(help_text='the lowest of them', primary_key=True, serialize=False)),
                ('entry_ids', models.BinaryField(help_text='8 bytes each, big endian, rising')),
                ('hashes', models.BinaryField(help_text='32 bytes each')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('hashes'), django.db.models.expressions.CombinedExpression(django.db.models.functions.text.Length('entry_ids'), '*', models.Value(4))), name='each_pending_id_has_a_hash')],
            },
        ),
        migrations.RunPython(keep_waiting, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='PendingEntry',
        ),
    ]
