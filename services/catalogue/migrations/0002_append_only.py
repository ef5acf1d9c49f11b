from django.db import migrations

from identity.trail.protection import append_only


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [append_only("catalogue_version"), append_only("catalogue_draftchange"), append_only("catalogue_procedurechange")]
