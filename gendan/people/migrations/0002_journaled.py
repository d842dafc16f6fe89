from django.db import migrations

from gendan.journal.triggers import append_only, journaled


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("people_shop", "people_warehouse"),
        journaled("people_person", omit=("password",)),
        journaled("people_apikey", omit=("hash",)),
        append_only("people_usedpassword"),
    ]
