from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_next_in_turn")]
    operations = [migrations.RemoveIndex(model_name="order", name="order_platform_number")]
