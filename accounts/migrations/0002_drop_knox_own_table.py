"""Databases from before knox's migrations were switched off hold its token's table, which nothing ever wrote to."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL('DROP TABLE IF EXISTS knox_authtoken', migrations.RunSQL.noop),
    ]
