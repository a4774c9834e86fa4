from django.db import migrations, models

RENAMED = {
    "refusing": "not_authorised",
    "deferring": "deferred",
    "garbling": "wrong_request_id",
}


def rename(apps, schema_editor):
    profiles = apps.get_model("departments", "Profile").objects.using(
        schema_editor.connection.alias
    )
    for old, new in RENAMED.items():
        profiles.filter(mode=old).update(mode=new)


class Migration(migrations.Migration):

    dependencies = [
        ('departments', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='profile',
            name='p99_ms',
            field=models.PositiveIntegerField(default=30000, help_text='slow: of a hundred calls one takes longer'),
        ),
        migrations.AddField(
            model_name='profile',
            name='seed',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='profile',
            name='department',
            field=models.CharField(help_text='"hub" is the data platform', max_length=30, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='profile',
            name='mode',
            field=models.CharField(choices=[('up', 'up'), ('slow', 'slow'), ('hang', 'hang'), ('down', 'down'), ('unavailable', 'unavailable'), ('reset', 'reset'), ('flapping', 'flapping'), ('not_authorised', 'not_authorised'), ('late', 'late'), ('wrong_holder', 'wrong_holder'), ('outdated_name', 'outdated_name'), ('expired', 'expired'), ('revoked', 'revoked'), ('no_record', 'no_record'), ('bad_json', 'bad_json'), ('html', 'html'), ('huge', 'huge'), ('truncated', 'truncated'), ('incomplete', 'incomplete'), ('wrong_request_id', 'wrong_request_id'), ('duplicate', 'duplicate'), ('out_of_order', 'out_of_order'), ('deferred', 'deferred')], default='up', max_length=20),
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('department', models.CharField(max_length=30)),
                ('kind', models.CharField(choices=[('question', 'Question'), ('deposit', 'Deposit')], max_length=10)),
                ('at', models.DateTimeField()),
                ('seen', models.JSONField(help_text='of each: request id, effects, outcome')),
            ],
            options={
                'indexes': [models.Index(fields=['department', 'at'], name='journal')],
            },
        ),
        migrations.CreateModel(
            name='HubCopy',
            fields=[
                ('key', models.CharField(help_text='digest of what was asked', max_length=64, primary_key=True, serialize=False)),
                ('owner', models.CharField(help_text='whose record it would be', max_length=200)),
                ('material', models.CharField(max_length=8)),
                ('answer', models.JSONField()),
                ('snapshot_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'hub copies',
                'indexes': [models.Index(fields=['owner', 'material'], name='copy_by_owner')],
            },
        ),
        migrations.CreateModel(
            name='LateAnswer',
            fields=[
                ('request_id', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('department', models.CharField(max_length=30)),
                ('answer', models.JSONField()),
                ('due_at', models.DateTimeField()),
                ('reply_to', models.CharField(blank=True, max_length=300)),
                ('attempts_made', models.PositiveIntegerField(default=0)),
                ('handed_over_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('handed_over_at__isnull', True)), fields=['due_at'], name='late_answers_to_come')],
            },
        ),
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
