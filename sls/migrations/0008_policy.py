import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sls', '0007_passkey'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, max_length=20)),
                ('entity', models.CharField(blank=True, max_length=2)),
                ('begins', models.DateField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('announced_at', models.DateTimeField(null=True)),
                ('week_before_at', models.DateTimeField(null=True)),
                ('day_before_at', models.DateTimeField(null=True)),
                ('told_to', models.BigIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('announced_at', None)), fields=['made_at'], name='policies_to_announce'), models.Index(condition=models.Q(('ended_at', None)), fields=['begins'], name='policies_to_come')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('entity', ''), ('role', ''), ('user__isnull', False)), models.Q(('entity', ''), ('user__isnull', True), models.Q(('role', ''), _negated=True)), models.Q(('role', ''), ('user__isnull', True), models.Q(('entity', ''), _negated=True)), _connector='OR'), name='policy_covers_one_thing'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('user__isnull', False)), fields=('user',), name='one_policy_per_user'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('user__isnull', True)), fields=('role', 'entity'), name='one_policy_per_role_or_entity')],
            },
        ),
    ]
