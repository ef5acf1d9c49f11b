from django.db import migrations

from identity.trail.protection import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [append_only("cases_caseevent", ["handled_at"])]
