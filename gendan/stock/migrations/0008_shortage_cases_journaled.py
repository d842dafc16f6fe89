from django.db import migrations

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("stock", "0007_shortage_cases")]
    operations = [
        journaled(
            "stock_shortagecase",
            "stock_caseline",
            "stock_rest",
            "stock_precedence",
            "stock_expected",
            "stock_presale",
            "stock_presaleclaim",
        )
    ]
