-- The least that an order needs: order, lines, stock, ledger, journal. No code of Gendan's knows it.
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
SET search_path = floor;
CREATE TABLE sku (id int PRIMARY KEY, code text NOT NULL UNIQUE, price bigint NOT NULL);
CREATE TABLE stock (
  sku_id int NOT NULL, warehouse int NOT NULL, on_hand int NOT NULL,
  reserved int NOT NULL DEFAULT 0 CHECK (reserved >= 0), version int NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (sku_id, warehouse)
) WITH (fillfactor = 70);
CREATE TABLE orders (
  id bigserial PRIMARY KEY, number text NOT NULL UNIQUE, shop_id int NOT NULL,
  platform_order text NOT NULL, stage text NOT NULL, customer_id bigint NOT NULL,
  receiver text NOT NULL, phone text NOT NULL, province text NOT NULL, city text NOT NULL,
  district text NOT NULL, address text NOT NULL, goods_fen bigint NOT NULL,
  discount_fen bigint NOT NULL DEFAULT 0, postage_fen bigint NOT NULL, total_fen bigint NOT NULL,
  remark text, placed_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1, UNIQUE (shop_id, platform_order)
);
CREATE INDEX ON orders (stage, placed_at);
CREATE INDEX ON orders (customer_id, placed_at);
CREATE TABLE lines (
  id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id), position int NOT NULL,
  sku_id int NOT NULL REFERENCES sku (id), title text NOT NULL, quantity int NOT NULL,
  price_fen bigint NOT NULL, total_fen bigint NOT NULL, stage text NOT NULL, warehouse int NOT NULL,
  UNIQUE (order_id, position)
);
CREATE INDEX ON lines (sku_id);
CREATE TABLE ledger (
  id bigserial PRIMARY KEY, sku_id int NOT NULL, warehouse int NOT NULL, order_id bigint NOT NULL,
  position int NOT NULL, movement text NOT NULL, change int NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON ledger (sku_id, warehouse, at);
CREATE TABLE journal (
  id bigserial PRIMARY KEY, order_id bigint NOT NULL, verb text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), actor text NOT NULL, facts jsonb NOT NULL
);
CREATE INDEX ON journal (order_id);
CREATE SEQUENCE number;
CREATE UNLOGGED TABLE staged_order (
  ref text, customer_id bigint, receiver text, phone text, province text, city text,
  district text, address text, goods_fen bigint, postage_fen bigint, total_fen bigint
);
CREATE UNLOGGED TABLE staged_line (
  ref text, position int, code text, quantity int, price_fen bigint
);
INSERT INTO sku SELECT i, 'SKU-' || lpad(i::text, 6, '0'), 500 + i % 9000
FROM generate_series(1, 10000) i;
INSERT INTO stock SELECT i, 1, 1000000000 FROM generate_series(1, 10000) i;
