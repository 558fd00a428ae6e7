-- What a refused order asked for may be no number of a column's, and self-trade prevention may leave nothing of an
-- order: only a live one has to have a quantity, and only one that was not refused a price.
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_check;
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_check2;
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_size;
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_price;
ALTER TABLE orders ADD CONSTRAINT orders_size
  CHECK (quantity > 0 OR (quantity = 0 AND (quote_quantity IS NOT NULL OR status NOT IN ('PENDING','OPEN','PARTIAL'))));
ALTER TABLE orders ADD CONSTRAINT orders_price CHECK (order_type <> 'LIMIT' OR price IS NOT NULL OR status = 'REJECTED');
