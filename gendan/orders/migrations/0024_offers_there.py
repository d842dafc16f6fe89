from django.db import migrations, models

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0023_chase_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="chaseoffer",
            name="was_fen",
            field=models.BigIntegerField(null=True, verbose_name="price before"),
        ),
        journaled("orders_chaseoffer"),
    ]
