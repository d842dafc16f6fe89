"""What a shop's orders have in common, codes and customers, is met before the orders are made.

In a short transaction of its own: whoever meets a new customer keeps others from meeting the same
one, and must not keep them waiting until thousands of orders are written.
"""

from collections.abc import Sequence

from django.db import connection

from gendan.channels.formats.format import Format
from gendan.channels.intake.choose import choose, source
from gendan.channels.intake.locks import lock_shop
from gendan.channels.intake.scripts import BUYERS, CODES, CUSTOMERS, TOLD_PART, TURN
from gendan.channels.intake.step import step
from gendan.channels.models import IncomingFile
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

ABOUT_BUYERS = "o.platform_order, o.buyer, o.phone_key, o.mail, o.receiver_name"
UNKNOWN = """told_part t WHERE (
  SELECT o.id FROM orders_order o WHERE o.shop_id = %(shop)s
    AND o.platform_order = t.platform_order AND o.platform_order <> ''
) IS NULL"""

COUNT = """
SELECT (SELECT count(*) FROM buyer WHERE customer_id IS NULL),
  (SELECT count(*) FROM unseen u WHERE (
    SELECT s.id FROM catalog_shopcode s WHERE s.shop_id = %(shop)s AND s.code = u.code) IS NULL)
"""

KEEP_CODES = """
INSERT INTO catalog_shopcode (shop_id, code, sku_id, seen_title, seen_specification)
SELECT %(shop)s, code, sku_id, title, spec FROM unseen ORDER BY code
ON CONFLICT (shop_id, code) DO NOTHING
"""


@step()
def acquaint(
    file: IncomingFile, form: Format, parts: Sequence[int], after: str, *, by: Actor
) -> bool:
    """Meet the codes and customers of the next orders; say whether there are any orders.

    Who is new is found out before the lock, and looked for once more behind it.
    """
    if not choose(file, form, parts, after):
        return False
    names = source(file, form) | {"platform": file.shop.platform}
    with connection.cursor() as cursor:
        told_part = TOLD_PART.format(columns=ABOUT_BUYERS)
        for script in (CODES, told_part, BUYERS.format(told=UNKNOWN)):
            cursor.execute(script, names)
        lock_shop(file.shop_id)
        for script in (TURN, COUNT):
            cursor.execute(script, names)
        customers, codes = cursor.fetchone()
        if customers or codes:
            facts = {"customers": customers, "codes": codes}
            with entry("intake.met", by=by, file=file.name, shop=file.shop.code, **facts):
                cursor.execute(CUSTOMERS, names)
                cursor.execute(KEEP_CODES, names)
    return True
