-- A history that begins with a world as it stands has live orders, and not those that they replaced.
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_replaces_order_id_fkey;
