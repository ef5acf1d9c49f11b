from django.db import migrations

from identity.trail.protection import append_only


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]

    operations = [append_only("trail_look")]
