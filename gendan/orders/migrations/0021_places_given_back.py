from django.db import migrations, models
from django.db.models import Q

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("orders", "0020_fuller_gifts")]

    operations = [
        migrations.AddField(
            model_name="urgency",
            name="gave_back",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="place given back"
            ),
        ),
        migrations.AddConstraint(
            model_name="urgency",
            constraint=models.CheckConstraint(
                condition=Q(gave_back=False) | Q(end__in=["TAKEN_AWAY", "OVER"], origin="DECLARED"),
                name="urgency_gave_back_unused",
            ),
        ),
        journaled("orders_urgency"),
    ]
