CREATE INDEX audit_by_action ON audit_entries (action, seq);

CREATE INDEX audit_by_object ON audit_entries (object, seq, vouches);

CREATE INDEX audit_by_time   ON audit_entries (time, seq);

CREATE INDEX audit_vouching  ON audit_entries (seq) WHERE vouches = 1;

CREATE INDEX certificates_by_end        ON certificates (not_after, id);

CREATE INDEX certificates_by_issuer ON certificates (issuer);

CREATE INDEX certificates_by_issuer_key ON certificates (issuer_key)
    WHERE issuer_key IS NOT NULL;

CREATE INDEX certificates_by_key        ON certificates (key) WHERE key IS NOT NULL;

CREATE INDEX certificates_by_public_key ON certificates (public_key_sha256);

CREATE INDEX certificates_by_subject    ON certificates (subject);

CREATE INDEX key_tags_by_tag ON key_tags (tag, key);

CREATE INDEX keys_by_algorithm        ON keys (algorithm, id);

CREATE INDEX keys_by_created_at       ON keys (created_at, id);

CREATE INDEX keys_by_destruction ON keys (destroy_scheduled_at)
    WHERE destroy_scheduled_at IS NOT NULL;

CREATE INDEX keys_by_expiry ON keys (expired) WHERE expired = 1;

CREATE INDEX keys_by_name             ON keys (name_folded, id);

CREATE INDEX keys_by_next_due    ON keys (next_due) WHERE next_due IS NOT NULL;

CREATE INDEX keys_by_purpose          ON keys (purpose, id);

CREATE INDEX keys_by_rotation         ON keys (rotation, id);

CREATE INDEX keys_by_rotation_falling ON keys (rotation_falling, id);

CREATE INDEX keys_by_state            ON keys (state, id);

CREATE INDEX keys_by_warning     ON keys (warn_at, rotate_by) WHERE warn_at IS NOT NULL;

CREATE TABLE audit_entries (
    seq     INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL,
    action  TEXT    NOT NULL,
    object  TEXT    NOT NULL,
    vouches INTEGER NOT NULL CHECK (vouches IN (0, 1)),
    entry   BLOB    NOT NULL
) STRICT;

CREATE TABLE audit_frontier (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    edge BLOB NOT NULL
) STRICT;

CREATE TABLE backups (
    id             INTEGER PRIMARY KEY,
    time           INTEGER NOT NULL,
    file           TEXT    NOT NULL,
    bytes          INTEGER NOT NULL,
    sha256         BLOB    NOT NULL CHECK (length(sha256) = 32),
    keys           INTEGER NOT NULL,
    audit_size     INTEGER NOT NULL,
    recipients     TEXT    NOT NULL,
    verified_at    INTEGER,
    standard_files INTEGER NOT NULL CHECK (standard_files IN (0, 1))
) STRICT;

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
    created_at        INTEGER NOT NULL, owner TEXT NOT NULL DEFAULT '', note  TEXT NOT NULL DEFAULT '', tags  TEXT NOT NULL DEFAULT '[]',
    FOREIGN KEY (key, key_version) REFERENCES key_versions (key, version),
    FOREIGN KEY (issuer_key, issuer_version) REFERENCES key_versions (key, version),
    CHECK ((key IS NULL) = (key_version IS NULL)),
    CHECK ((issuer_key IS NULL) = (issuer_version IS NULL)),
    CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
) STRICT;

CREATE TABLE checkpoints (
    id   INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    time INTEGER NOT NULL,
    note TEXT    NOT NULL
) STRICT;

CREATE TABLE key_sealed (
    key      INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    data_key BLOB    NOT NULL,
    material BLOB    NOT NULL,
    PRIMARY KEY (key, version),
    FOREIGN KEY (key, version) REFERENCES key_versions (key, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_tags (
    key INTEGER NOT NULL REFERENCES keys (key),
    tag TEXT    NOT NULL,
    PRIMARY KEY (key, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_versions (
    key                  INTEGER NOT NULL REFERENCES keys (key),
    version              INTEGER NOT NULL CHECK (version >= 1),
    state                TEXT    NOT NULL,
    created_at           INTEGER NOT NULL,
    activate_at          INTEGER,
    activated_at         INTEGER,
    suspended_at         INTEGER,
    deactivate_at        INTEGER,
    deactivated_at       INTEGER,
    compromised_at       INTEGER,
    compromise_reason    TEXT,
    destroy_scheduled_at INTEGER,
    destroyed_at         INTEGER,
    replaced_by          INTEGER,
    origin               TEXT    NOT NULL,
    generator            TEXT    NOT NULL,
    creator              TEXT    NOT NULL,
    public_key           BLOB,
    fingerprints         TEXT    NOT NULL,
    kcv                  TEXT,
    encryptions          INTEGER NOT NULL,
    data_key_digest      BLOB CHECK (length(data_key_digest) = 32),
    material_digest      BLOB CHECK (length(material_digest) = 32),
    created_seq          INTEGER NOT NULL,
    destroyed_seq        INTEGER,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    key                  INTEGER PRIMARY KEY,
    id                   BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    name                 TEXT    NOT NULL,
    name_folded          TEXT    NOT NULL UNIQUE,
    algorithm            TEXT    NOT NULL,
    purpose              TEXT    NOT NULL,
    state                TEXT    NOT NULL,
    rotate_by            INTEGER,
    -- The same as the list sorts by it, rising and falling: keys without a date come last in
    -- both, for 9007199254740991 is later than every date.
    rotation             INTEGER NOT NULL CHECK (rotation = coalesce(rotate_by, 9007199254740991)),
    rotation_falling     INTEGER NOT NULL
                         CHECK (rotation_falling = coalesce(-rotate_by, 9007199254740991)),
    warn_at              INTEGER,
    next_due             INTEGER,
    destroy_scheduled_at INTEGER,
    created_at           INTEGER NOT NULL,
    last_used_at         INTEGER,
    primary_version      INTEGER NOT NULL,
    revision             INTEGER NOT NULL,
    audit_seq            INTEGER NOT NULL,
    exportable           INTEGER NOT NULL CHECK (exportable IN (0, 1)),
    owner                TEXT    NOT NULL,
    policy               TEXT    NOT NULL,
    where_used           TEXT    NOT NULL,
    fields               TEXT    NOT NULL,
    note                 TEXT    NOT NULL
, expired INTEGER NOT NULL DEFAULT 0 CHECK (expired IN (0, 1))) STRICT;

CREATE VIRTUAL TABLE keys_fts USING fts5 (
    words,
    content = '',
    contentless_delete = 1,
    prefix = '1 2 3 4',
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE 'keys_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'keys_fts_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'keys_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'keys_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE meta (
    only             INTEGER PRIMARY KEY CHECK (only = 1),
    vault_id         BLOB    NOT NULL CHECK (length(vault_id) = 16),
    created_at       INTEGER NOT NULL,
    audit_public_key BLOB    NOT NULL CHECK (length(audit_public_key) = 32),
    sealed_audit_key BLOB    NOT NULL
) STRICT;

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

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE slot_uses (
    slot    BLOB PRIMARY KEY CHECK (length(slot) = 16),
    used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
