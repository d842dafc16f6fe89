from django.db import migrations

from gendan.customers.keys import staying, taken_on_trust


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_finding")]
    operations = [
        staying("customers_customer"),
        taken_on_trust(
            "customers_identity", "customers_identity_customer_id_b1e21f37_fk_customers"
        ),
        taken_on_trust(
            "customers_address", "customers_address_customer_id_f042422e_fk_customers_customer_id"
        ),
    ]
