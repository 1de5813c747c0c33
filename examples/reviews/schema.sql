-- What is here already stays as it is.
CREATE TABLE IF NOT EXISTS reviews (
  id              INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of writing
  product         TEXT NOT NULL,                     -- an id of another service: no table here knows it
  stars           INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  author          TEXT NOT NULL,
  body            TEXT NOT NULL,
  created_at      TEXT NOT NULL,                     -- RFC 3339, in UTC
  idempotency_key TEXT UNIQUE                        -- of the request that added it
);

CREATE INDEX IF NOT EXISTS reviews_by_product ON reviews (product, id);

-- Some to begin with, when there are none. Nobody has said anything of the garden bench (p08) yet.
INSERT INTO reviews (product, stars, author, created_at, body)
SELECT column1, column2, column3, column4, column5 FROM (VALUES
  ('p01', 5, 'Ines',    '2026-09-02T18:20:00Z', 'I read in bed, he sleeps. The lower level is just enough for the page and nothing else.'),
  ('p05', 4, 'Tomasz',  '2026-09-05T07:45:00Z', 'Light enough for the children to carry. The felt pads had to be bought separately.'),
  ('p09', 5, 'Maud',    '2026-09-09T15:10:00Z', 'It really does not drip. I had given up on teapots.'),
  ('p06', 5, 'Henrik',  '2026-09-13T20:05:00Z', 'The cover survived the dog, and then the washing machine.'),
  ('p02', 3, 'Lucia',   '2026-09-17T11:30:00Z', 'Beautiful light. Putting it together took an evening and some patience.'),
  ('p03', 4, 'Bea',     '2026-09-20T19:00:00Z', 'Heavy, in the good way. Put something under it, or the table remembers.'),
  ('p07', 5, 'Yusuf',   '2026-09-24T09:15:00Z', 'Stands straight on a floor where nothing else does.'),
  ('p10', 4, 'Clara',   '2026-09-28T12:40:00Z', 'Four bowls in the space of one. The smallest is for olives rather than soup.'),
  ('p01', 4, 'Marek',   '2026-10-01T21:25:00Z', 'The arm stays where I put it. I wish the cable were half a meter longer.'),
  ('p11', 5, 'Noor',    '2026-10-05T08:05:00Z', 'Cuts a crust without crushing what is below. The handle feels better every week.'),
  ('p04', 4, 'Astrid',  '2026-10-09T17:50:00Z', 'The whole room is bright and nobody is dazzled. It wants a low shelf beside it, so plan the place.'),
  ('p12', 5, 'Paolo',   '2026-10-12T13:20:00Z', 'Soft from the first dinner. They dry in an hour.'),
  ('p05', 5, 'Greta',   '2026-10-16T10:35:00Z', 'Six of them, two stacks, and the kitchen can be swept.'),
  ('p09', 4, 'Oskar',   '2026-10-21T16:00:00Z', 'A good pot for two. For four people I fill it twice.'),
  ('p02', 4, 'Amira',   '2026-10-26T18:45:00Z', 'Bought a second one for the hall. The paper forgives a careful wipe.'),
  ('p06', 4, 'Sofie',   '2026-11-02T20:30:00Z', 'Deep enough to fall asleep in. Measure your door before you order.'),
  ('p01', 5, 'Jonas',   '2026-11-08T06:55:00Z', 'On my desk every day for a year. Nothing is loose.'),
  ('p11', 4, 'Elif',    '2026-11-15T07:30:00Z', 'Very sharp: mind your fingers in the first week.'))
WHERE NOT EXISTS (SELECT 1 FROM reviews);
