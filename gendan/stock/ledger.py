"""The SQL that lets balances and reservations follow the ledger. Used by migrations only."""

FOLLOW = """
-- Bring balances and reservations to what the new ledger rows say. The balances are locked in one
-- order (SKU, warehouse), after duplicates are added up; their constraints refuse what cannot be.
-- They are what all wait for, so they come last: a line's reservation is its order's alone.
CREATE OR REPLACE FUNCTION stock_follow_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM new_rows n, journal_open_entry('stock_ledger') e WHERE n.entry_id <> e
  ) THEN
    RAISE EXCEPTION 'a stock movement names another journal entry than the open one'
      USING ERRCODE = 'restrict_violation';
  END IF;

  IF EXISTS (
    SELECT FROM new_rows n WHERE NOT EXISTS (
      SELECT FROM stock_balance b WHERE b.sku_id = n.sku_id AND b.warehouse_id = n.warehouse_id)
  ) THEN
    INSERT INTO stock_balance (sku_id, warehouse_id, on_hand, reserved)
    SELECT DISTINCT sku_id, warehouse_id, 0, 0 FROM new_rows
    ORDER BY sku_id, warehouse_id
    ON CONFLICT (sku_id, warehouse_id) DO NOTHING;
  END IF;

  MERGE INTO stock_reservation r USING (
    SELECT line_id, sku_id, warehouse_id, sum(reserved_change) AS quantity FROM new_rows
    WHERE line_id IS NOT NULL GROUP BY line_id, sku_id, warehouse_id
    HAVING sum(reserved_change) <> 0
  ) n ON r.line_id = n.line_id AND r.warehouse_id = n.warehouse_id
  WHEN MATCHED AND r.quantity + n.quantity = 0 THEN DELETE
  WHEN MATCHED THEN UPDATE SET quantity = r.quantity + n.quantity
  WHEN NOT MATCHED THEN INSERT (line_id, sku_id, warehouse_id, quantity)
    VALUES (n.line_id, n.sku_id, n.warehouse_id, n.quantity);

  PERFORM FROM stock_balance b
  WHERE (b.sku_id, b.warehouse_id) IN (SELECT n.sku_id, n.warehouse_id FROM new_rows n)
  ORDER BY b.sku_id, b.warehouse_id FOR NO KEY UPDATE;

  UPDATE stock_balance b
  SET on_hand = b.on_hand + n.on_hand, reserved = b.reserved + n.reserved
  FROM (SELECT sku_id, warehouse_id, sum(on_hand_change) AS on_hand,
               sum(reserved_change) AS reserved
        FROM new_rows GROUP BY sku_id, warehouse_id) n
  WHERE b.sku_id = n.sku_id AND b.warehouse_id = n.warehouse_id;
  RETURN NULL;
END $$;
"""

GUARD = """
CREATE TRIGGER follow AFTER INSERT ON stock_ledger REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION stock_follow_ledger();

CREATE FUNCTION stock_only_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '% follows the ledger and is not written by hand', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', HINT = 'Add a row to stock_ledger.';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER only_the_ledger BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON stock_balance
  FOR EACH STATEMENT EXECUTE FUNCTION stock_only_the_ledger();
CREATE TRIGGER only_the_ledger BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON stock_reservation
  FOR EACH STATEMENT EXECUTE FUNCTION stock_only_the_ledger();
"""
