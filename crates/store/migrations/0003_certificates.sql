-- Schema 3: certificates that are kept, of keys of this vault or of others. They are public, but the
-- log vouches for each of them as it does for keys: `vouches` of audit_entries says so of both.

CREATE TABLE certificates (
    certificate       INTEGER PRIMARY KEY,
    id                BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    der               BLOB    NOT NULL,
    -- What follows from der, for lists to ask by.
    subject           TEXT    NOT NULL,
    issuer            TEXT    NOT NULL,
    serial            TEXT    NOT NULL,
    not_before        INTEGER NOT NULL,
    not_after         INTEGER NOT NULL,
    sha256            BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
    public_key_sha256 BLOB    NOT NULL CHECK (length(public_key_sha256) = 32),
    authority         INTEGER NOT NULL CHECK (authority IN (0, 1)),
    origin            TEXT    NOT NULL,
    -- Of which key it is, and which key issued it, where those are of this vault.
    key               INTEGER,
    key_version       INTEGER,
    issuer_key        INTEGER,
    issuer_version    INTEGER,
    revoked_at        INTEGER,
    revocation_reason TEXT,
    replaced_by       BLOB    REFERENCES certificates (id),
    created_at        INTEGER NOT NULL,
    FOREIGN KEY (key, key_version) REFERENCES key_versions (key, version),
    FOREIGN KEY (issuer_key, issuer_version) REFERENCES key_versions (key, version),
    CHECK ((key IS NULL) = (key_version IS NULL)),
    CHECK ((issuer_key IS NULL) = (issuer_version IS NULL)),
    CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
) STRICT;
CREATE INDEX certificates_by_end        ON certificates (not_after, id);
CREATE INDEX certificates_by_subject    ON certificates (subject);
CREATE INDEX certificates_by_public_key ON certificates (public_key_sha256);
CREATE INDEX certificates_by_key        ON certificates (key) WHERE key IS NOT NULL;
CREATE INDEX certificates_by_issuer_key ON certificates (issuer_key)
    WHERE issuer_key IS NOT NULL;
