"""Takes a picture of the stock and notes for each listing what its shop ought to show.

A capture looks at what has changed since the last one, as the stock ledger and the journal tell it;
a full one looks at everything. Captures follow one another, so that a later one has the larger
version and the newer picture.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from procrastinate.contrib.django import app

from gendan.catalog.models import ShopCode
from gendan.channels.publishing.picture import take_picture
from gendan.channels.publishing.queries import COUNTING
from gendan.journal.actors import Actor

MANY = 20_000  # listings take a second or two to write down; a person should not wait for more


ALONE = "SELECT pg_advisory_xact_lock(hashtext('gendan.publishing'))"

# Taken before the picture, so that it holds at least what the marks say.
MARKS = """
SELECT (SELECT coalesce(max(id), 0) FROM stock_ledger),
  (SELECT coalesce(max(id), 0) FROM journal_entry),
  pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""

# Up to where everything had been seen by the last capture. A row that was on its way then has a
# number drawn after some capture before it had ended, so that capture's marks are below it.
SEEN = """
SELECT c.ledger_to, c.entry_to FROM channels_capture c
WHERE c.next_xid <= (SELECT oldest_xid FROM channels_capture ORDER BY id DESC LIMIT 1)
ORDER BY c.id DESC LIMIT 1
"""

CHANGED = """
WITH touched AS MATERIALIZED (
  SELECT s.name, c.subject_id FROM journal_change c JOIN journal_subject s ON s.id = c.subject
  WHERE c.entry_id > %(entry)s
    AND (s.name IN ('catalog_product', 'catalog_sku', 'catalog_shopcode', 'catalog_setpart',
        'orders_line', 'stock_expected')
      OR (s.name = 'orders_order' AND c.after ? 'stage'))
), changed AS MATERIALIZED (
  SELECT sku_id FROM stock_ledger WHERE id > %(ledger)s
  UNION SELECT subject_id FROM touched WHERE name = 'catalog_sku'
  UNION SELECT id FROM catalog_sku
    WHERE product_id IN (SELECT subject_id FROM touched WHERE name = 'catalog_product')
  UNION SELECT sku_id FROM catalog_shopcode
    WHERE id IN (SELECT subject_id FROM touched WHERE name = 'catalog_shopcode')
  UNION SELECT set_id FROM catalog_setpart
    WHERE id IN (SELECT subject_id FROM touched WHERE name = 'catalog_setpart')
  UNION SELECT sku_id FROM stock_expected
    WHERE id IN (SELECT subject_id FROM touched WHERE name = 'stock_expected')
  UNION SELECT sku_id FROM orders_line
    WHERE id IN (SELECT subject_id FROM touched WHERE name = 'orders_line')
  UNION SELECT sku_id FROM orders_line
    WHERE order_id IN (SELECT subject_id FROM touched WHERE name = 'orders_order')
)
SELECT sku_id FROM changed
UNION SELECT p.set_id FROM catalog_setpart p JOIN changed c ON c.sku_id = p.part_id
"""

# A newer quantity takes the place of one that still waits; what is under way or in a file comes to
# its own end, and counts as what the shop shows until then. It is looked up listing by listing
# (OFFSET): after the first capture no statistics tell yet how much is under way.
NOTE = """
UPDATE channels_publication p SET state = 'SUPERSEDED', done_at = i.at
FROM picture i WHERE p.code_id = i.code_id AND p.state = 'WAITING' AND p.quantity <> i.wanted;

INSERT INTO channels_publication (code_id, shop_id, quantity, version, captured_at, state)
SELECT i.code_id, i.shop_id, i.wanted, %(version)s, i.at, 'WAITING'
FROM picture i LEFT JOIN channels_offer o ON o.code_id = i.code_id
LEFT JOIN LATERAL (
  SELECT p.quantity
  FROM (SELECT * FROM channels_publication WHERE code_id = i.code_id OFFSET 0) p
  WHERE p.state IN ('WAITING', 'SENDING', 'EXPORTED') ORDER BY p.version DESC LIMIT 1
) under_way ON true
WHERE i.wanted IS DISTINCT FROM coalesce(under_way.quantity, o.quantity)
ORDER BY i.code_id;

INSERT INTO channels_offer (code_id, shop_id, item, free, arriving, wanted, wanted_version,
  wanted_at, version, is_listed, sold_week)
SELECT i.code_id, i.shop_id, '', i.free, i.arriving, i.wanted, %(version)s, i.at, 0, true, 0
FROM picture i ORDER BY i.code_id
ON CONFLICT (code_id) DO UPDATE SET free = excluded.free, arriving = excluded.arriving,
  wanted = excluded.wanted, wanted_version = excluded.wanted_version, wanted_at = excluded.wanted_at
WHERE (channels_offer.free, channels_offer.arriving, channels_offer.wanted)
  <> (excluded.free, excluded.arriving, excluded.wanted)
"""

# What no rule decides on any more is told to nobody.
DROP = """
UPDATE channels_publication p SET state = 'SUPERSEDED', done_at = now()
WHERE p.state = 'WAITING' AND (%(shops)s::bigint[] IS NULL OR p.shop_id = ANY (%(shops)s::bigint[]))
  AND NOT EXISTS (SELECT FROM picture i WHERE i.code_id = p.code_id)
"""

# How fast goods go, for what may be sold before a shop is told.
PACE = """
UPDATE channels_offer o SET sold_week = n.pieces
FROM catalog_shopcode c LEFT JOIN (
  SELECT l.sku_id, sum(l.quantity) AS pieces FROM orders_order o
  JOIN orders_line l ON l.order_id = o.id AND NOT l.is_cancelled
  WHERE o.placed_at > now() - interval '7 days' AND o.stage <> 'CANCELLED' GROUP BY l.sku_id
) s ON s.sku_id = c.sku_id
CROSS JOIN LATERAL (SELECT coalesce(s.pieces, 0)::int AS pieces) n
WHERE c.id = o.code_id AND o.sold_week <> n.pieces
"""

COUNT = """
UPDATE channels_capture c SET seen = (SELECT count(*) FROM picture),
  different = (SELECT count(*) FROM channels_publication p WHERE p.version = c.id)
WHERE c.id = %s RETURNING seen, different
"""


# A capture of some shops moves no mark: it begins where the last one ended.
BEGIN = """
INSERT INTO channels_capture (at, is_full, ledger_to, entry_to, oldest_xid, next_xid, seen,
  different)
SELECT coalesce((SELECT min(at) FROM picture), statement_timestamp()), %(full)s,
  coalesce(last.ledger_to, %(ledger)s), coalesce(last.entry_to, %(entry)s),
  coalesce(last.oldest_xid, %(oldest)s), coalesce(last.next_xid, %(next)s), 0, 0
FROM (SELECT) one LEFT JOIN LATERAL (
  SELECT * FROM channels_capture WHERE %(some)s ORDER BY id DESC LIMIT 1) last ON true
RETURNING id
"""


@transaction.atomic
def capture(
    *, by: Actor, is_full: bool = False, shop_ids: Sequence[int] | None = None
) -> tuple[int, int]:
    """Note what the shops ought to show now; return how many listings were seen, and differ.

    With `shop_ids` it looks at everything of these shops, and at nothing else.
    """
    some = shop_ids is not None
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        cursor.execute(MARKS)
        marks = dict(zip(("ledger", "entry", "oldest", "next"), cursor.fetchone(), strict=True))
        skus = None if is_full or some else _changed()
        if skus == []:
            return 0, 0
        take_picture(skus=skus, shop_ids=shop_ids)
        cursor.execute(BEGIN, {**marks, "full": is_full, "some": some})
        version = cursor.fetchone()[0]
        cursor.execute(NOTE, {"version": version})
        if skus is None:
            cursor.execute(DROP, {"shops": None if shop_ids is None else list(shop_ids)})
        if is_full:
            cursor.execute(PACE)
        cursor.execute(COUNT, [version])
        seen, different = cursor.fetchone()
        return seen, different


def capture_soon(shop_ids: Sequence[int], *, by: Actor) -> tuple[int, int] | None:
    """Capture some shops at once, or let the worker do it where they have many listings.

    :returns: how many listings were seen, and differ; None if the worker does it
    """
    if not ShopCode.objects.filter(shop__in=shop_ids)[MANY:].exists():
        return capture(by=by, shop_ids=shop_ids)
    app.configure_task(COUNTING, lock="publishing").defer(shops=list(shop_ids))
    return None


def _changed() -> list[int] | None:
    """Return the SKUs that may have changed since the last capture; None if nobody can know."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        seen = cursor.fetchone()
        if seen is None:
            return None
        cursor.execute(CHANGED, {"ledger": seen[0], "entry": seen[1]})
        return sorted(sku for (sku,) in cursor.fetchall() if sku is not None)
