-- Schema 2: which keys left use because their time was over, and not because someone retired them.
-- It follows from the rest, like the columns before it.

ALTER TABLE keys ADD COLUMN expired INTEGER NOT NULL DEFAULT 0 CHECK (expired IN (0, 1));
CREATE INDEX keys_by_expiry ON keys (expired) WHERE expired = 1;
