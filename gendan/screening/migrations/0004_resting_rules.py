from django.db import migrations, models

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_shipped_elsewhere")]
    operations = [
        migrations.AddField(
            model_name="rule",
            name="rests_on_big_days",
            field=models.BooleanField(default=False, verbose_name="rests on big days"),
        ),
        journaled("screening_rule"),
    ]
