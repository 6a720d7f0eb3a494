-- Schema 4: public keys whose private halves are elsewhere, and what people say of certificates.

CREATE TABLE public_keys (
    id         BLOB    PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT    NOT NULL,
    algorithm  TEXT    NOT NULL,
    public_key BLOB    NOT NULL,
    sha256     BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
    form       TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    tags       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE certificates ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE certificates ADD COLUMN note  TEXT NOT NULL DEFAULT '';
ALTER TABLE certificates ADD COLUMN tags  TEXT NOT NULL DEFAULT '[]';
CREATE INDEX certificates_by_issuer ON certificates (issuer);
