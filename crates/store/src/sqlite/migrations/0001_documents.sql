-- Times are Unix milliseconds. Rows name each other by integer; `document.id`
-- is the 16 random bytes that the world knows.

CREATE TABLE account (
    account_id INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    sandbox    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_key (
    sha256     BLOB PRIMARY KEY NOT NULL,
    account    INTEGER NOT NULL REFERENCES account (account_id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE issuer (
    issuer_id   INTEGER PRIMARY KEY,
    account     INTEGER NOT NULL REFERENCES account (account_id),
    ruc         TEXT NOT NULL,
    code_secret BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (account, ruc),
    -- What lets a document prove that its issuer is its account's.
    UNIQUE (issuer_id, account)
) STRICT;

CREATE TABLE certificate (
    certificate_id INTEGER PRIMARY KEY,
    issuer         INTEGER NOT NULL REFERENCES issuer (issuer_id),
    sha256         BLOB NOT NULL,
    p12            BLOB NOT NULL,
    sandbox        INTEGER NOT NULL,
    not_after      INTEGER,
    created_at     INTEGER NOT NULL,
    UNIQUE (issuer, sha256)
) STRICT;

CREATE TABLE document (
    document_id        INTEGER PRIMARY KEY,
    id                 BLOB NOT NULL UNIQUE,
    account            INTEGER NOT NULL,
    issuer             INTEGER NOT NULL,
    environment        INTEGER NOT NULL,
    document_type      TEXT NOT NULL,
    establishment      TEXT NOT NULL,
    point              TEXT NOT NULL,
    sequential         INTEGER NOT NULL,
    access_key         TEXT NOT NULL UNIQUE,
    schema_version     TEXT NOT NULL,
    revision           INTEGER NOT NULL,
    stage              INTEGER NOT NULL,
    -- Compare-and-set counter: every change of the row adds one.
    version            INTEGER NOT NULL,
    submissions        INTEGER NOT NULL,
    last_submission_at INTEGER,
    valid              INTEGER NOT NULL,
    signature_error    TEXT,
    attention          TEXT,
    -- What SRI said last, as JSON.
    reception          TEXT,
    authorization      TEXT,
    -- For lists.
    issue_date         TEXT NOT NULL,
    receiver_id        TEXT NOT NULL,
    receiver_name      TEXT NOT NULL,
    total              TEXT NOT NULL,
    -- The ordinal of the newest event.
    events             INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    UNIQUE (issuer, environment, document_type, establishment, point, sequential),
    FOREIGN KEY (issuer, account) REFERENCES issuer (issuer_id, account)
) STRICT;

-- Large rows: an ordinary table keeps them out of the index.
CREATE TABLE blob (
    blob_id  INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (document_id),
    revision INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    -- 0: `data` as it is. Other numbers are for compression to come.
    codec    INTEGER NOT NULL,
    data     BLOB NOT NULL,
    UNIQUE (document, revision, part)
) STRICT;

CREATE TABLE event (
    event_id        INTEGER PRIMARY KEY,
    document        INTEGER NOT NULL REFERENCES document (document_id),
    ordinal         INTEGER NOT NULL,
    revision        INTEGER NOT NULL,
    stage           INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    at              INTEGER NOT NULL,
    detail          TEXT NOT NULL,
    codec           INTEGER NOT NULL,
    evidence        BLOB,
    -- Bytes of the evidence before it was cut.
    evidence_length INTEGER,
    UNIQUE (document, ordinal)
) STRICT;

-- Narrow, and gone when done. A lease is held while `owner` is there.
CREATE TABLE job (
    document    INTEGER NOT NULL REFERENCES document (document_id),
    kind        INTEGER NOT NULL,
    run_at      INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    lease_until INTEGER,
    owner       INTEGER,
    PRIMARY KEY (document, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_due ON job (kind, run_at);

-- The engine itself holds what was sent and what happened unchangeable.
CREATE TRIGGER blob_never_changes BEFORE UPDATE ON blob
BEGIN SELECT RAISE(ABORT, 'a stored part never changes'); END;

CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event never changes'); END;

CREATE TRIGGER event_never_goes BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
