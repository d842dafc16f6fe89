from django.db import migrations

from gendan.customers.keys import staying, taken_on_trust


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_codes_by_shop"),
        ("customers", "0005_rows_that_stay"),
        ("orders", "0010_one_index_less"),
        ("people", "0004_signed_in_at"),
    ]
    operations = [
        staying("people_shop", "people_warehouse", "catalog_sku", "orders_order"),
        taken_on_trust(
            "orders_order",
            "orders_order_shop_id_b562fb3d_fk_people_shop_id",
            "orders_order_customer_id_0b76f6a4_fk_customers_customer_id",
            "orders_order_warehouse_id_110eb3b3_fk_people_warehouse_id",
        ),
        taken_on_trust(
            "orders_line",
            "orders_line_order_id_c47dcbd1_fk_orders_order_id",
            "orders_line_sku_id_e994f9ec_fk_catalog_sku_id",
        ),
        taken_on_trust(
            "orders_payment", "orders_payment_order_id_bdccf250_fk_orders_order_id"
        ),
    ]
