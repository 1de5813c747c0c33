-- What is here already stays as it is.
CREATE TABLE IF NOT EXISTS categories (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS products (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  price       INTEGER NOT NULL, -- in cents
  description TEXT NOT NULL,
  image       TEXT NOT NULL,    -- path of its picture on this service
  category_id TEXT NOT NULL REFERENCES categories (id)
);

CREATE INDEX IF NOT EXISTS products_by_category ON products (category_id, id);

-- A dozen to begin with, when there are none.
INSERT INTO categories (id, name)
SELECT column1, column2 FROM (VALUES ('light', 'Light'), ('seating', 'Seating'), ('table', 'At the table'))
WHERE NOT EXISTS (SELECT 1 FROM categories);

INSERT INTO products (id, category_id, name, price, description, image)
SELECT column1, column2, column3, column4, column5, '/images/' || column1 || '.svg' FROM (VALUES
  ('p01', 'light',   'Reading lamp',     8900, 'Bends to where the page is. Two levels of light.'),
  ('p02', 'light',   'Paper lantern',    3400, 'Folded by hand, lit by an ordinary bulb.'),
  ('p03', 'light',   'Candle holder',    1900, 'Cast iron for three candles.'),
  ('p04', 'light',   'Floor lamp',      14900, 'Stands on oak and shines at the ceiling.'),
  ('p05', 'seating', 'Kitchen chair',   11900, 'Beech, stacks four high.'),
  ('p06', 'seating', 'Armchair',        45900, 'Wool over ash. The cover comes off for washing.'),
  ('p07', 'seating', 'Stool',            4900, 'Three legs, so it never wobbles.'),
  ('p08', 'seating', 'Garden bench',    27900, 'Larch, for two and a half people.'),
  ('p09', 'table',   'Teapot',           5400, 'Stoneware, a liter, and it does not drip.'),
  ('p10', 'table',   'Set of bowls',     3900, 'Four, one in the other.'),
  ('p11', 'table',   'Bread knife',      4400, 'Serrated, with a handle of plum wood.'),
  ('p12', 'table',   'Linen napkins',    2900, 'Six, washed soft.'))
WHERE NOT EXISTS (SELECT 1 FROM products);
