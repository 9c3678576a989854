-- Times are Unix milliseconds. Rows name each other by number; `document.id`
-- is the 16 random bytes that the world knows.

CREATE TABLE account (
    account_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       TEXT NOT NULL,
    sandbox    BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_key (
    sha256     BYTEA PRIMARY KEY,
    account    BIGINT NOT NULL REFERENCES account,
    created_at BIGINT NOT NULL
);

CREATE TABLE issuer (
    issuer_id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account     BIGINT NOT NULL REFERENCES account,
    ruc         TEXT NOT NULL,
    code_secret BYTEA NOT NULL,
    -- What the layers above keep for an issuer, as JSON.
    settings    TEXT NOT NULL DEFAULT '{}',
    created_at  BIGINT NOT NULL,
    UNIQUE (account, ruc),
    -- What lets a document prove that its issuer is its account's.
    UNIQUE (issuer_id, account)
);

CREATE TABLE certificate (
    certificate_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issuer         BIGINT NOT NULL REFERENCES issuer,
    sha256         BYTEA NOT NULL,
    p12            BYTEA NOT NULL,
    sandbox        BOOLEAN NOT NULL,
    not_after      BIGINT,
    created_at     BIGINT NOT NULL,
    UNIQUE (issuer, sha256)
);

CREATE SEQUENCE document_number AS BIGINT;

CREATE TABLE document (
    document_id        BIGINT PRIMARY KEY,
    id                 BYTEA NOT NULL,
    account            BIGINT NOT NULL,
    issuer             BIGINT NOT NULL,
    environment        SMALLINT NOT NULL,
    document_type      TEXT NOT NULL,
    establishment      TEXT NOT NULL,
    point              TEXT NOT NULL,
    sequential         INTEGER NOT NULL,
    access_key         TEXT NOT NULL,
    schema_version     TEXT NOT NULL,
    revision           INTEGER NOT NULL,
    stage              SMALLINT NOT NULL,
    -- Compare-and-set counter: every change of the row adds one.
    version            INTEGER NOT NULL,
    submissions        INTEGER NOT NULL,
    last_submission_at BIGINT,
    valid              BOOLEAN NOT NULL,
    signature_error    TEXT,
    attention          TEXT,
    -- What SRI said last, as JSON.
    reception          TEXT,
    "authorization"    TEXT,
    -- For lists.
    issue_date         TEXT NOT NULL,
    receiver_id        TEXT NOT NULL,
    receiver_name      TEXT NOT NULL,
    total              TEXT NOT NULL,
    external_id        TEXT,
    -- The order of lists in one number: days from 1970-01-01 to the day of
    -- issue, times 2^40, plus the row.
    position           BIGINT NOT NULL,
    -- The words that lists search by, folded.
    words              TSVECTOR NOT NULL,
    -- The ordinal of the newest event.
    events             INTEGER NOT NULL,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL,
    CONSTRAINT document_id_is_unique UNIQUE (id),
    CONSTRAINT document_access_key_is_unique UNIQUE (access_key),
    CONSTRAINT document_number_is_unique
        UNIQUE (issuer, environment, document_type, establishment, point, sequential),
    FOREIGN KEY (issuer, account) REFERENCES issuer (issuer_id, account)
) WITH (fillfactor = 85);

CREATE INDEX document_of_account ON document (account, position);
CREATE INDEX document_of_type ON document (account, document_type, position);
CREATE INDEX document_of_receiver ON document (account, receiver_id, position);
-- Authorized documents, nearly all there are, are not in it.
CREATE INDEX document_unsettled ON document (account, stage, position) WHERE stage <> 6;
CREATE INDEX document_external ON document (account, external_id, position)
    WHERE external_id IS NOT NULL;
CREATE INDEX document_words ON document USING gin (words);

CREATE TABLE blob (
    document BIGINT NOT NULL REFERENCES document,
    revision INTEGER NOT NULL,
    part     SMALLINT NOT NULL,
    -- 0: `data` as it is. Other numbers are for compression to come.
    codec    SMALLINT NOT NULL,
    data     BYTEA NOT NULL,
    PRIMARY KEY (document, revision, part)
);

CREATE TABLE event (
    document        BIGINT NOT NULL REFERENCES document,
    ordinal         INTEGER NOT NULL,
    revision        INTEGER NOT NULL,
    stage           SMALLINT NOT NULL,
    kind            TEXT NOT NULL,
    at              BIGINT NOT NULL,
    detail          TEXT NOT NULL,
    codec           SMALLINT NOT NULL,
    evidence        BYTEA,
    -- Bytes of the evidence before it was cut.
    evidence_length BIGINT,
    PRIMARY KEY (document, ordinal)
);

-- Narrow, and gone when done. A lease is held while `owner` is there.
CREATE TABLE job (
    document    BIGINT PRIMARY KEY REFERENCES document,
    run_at      BIGINT NOT NULL,
    attempt     INTEGER NOT NULL,
    lease_until BIGINT,
    owner       BIGINT
) WITH (fillfactor = 50);

CREATE INDEX job_due ON job (run_at, document);

CREATE TABLE idempotency (
    account     BIGINT NOT NULL REFERENCES account,
    key         TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    answer      BYTEA NOT NULL,
    document    BIGINT NOT NULL REFERENCES document,
    expires_at  BIGINT NOT NULL,
    CONSTRAINT idempotency_key_is_unique PRIMARY KEY (account, key)
);

CREATE INDEX idempotency_expiry ON idempotency (expires_at);

CREATE TABLE payment_reminder (
    document BIGINT PRIMARY KEY REFERENCES document,
    due      TEXT NOT NULL
);

CREATE TABLE series_counter (
    issuer        BIGINT NOT NULL REFERENCES issuer,
    environment   SMALLINT NOT NULL,
    document_type TEXT NOT NULL,
    establishment TEXT NOT NULL,
    point         TEXT NOT NULL,
    last          INTEGER NOT NULL,
    PRIMARY KEY (issuer, environment, document_type, establishment, point)
);

-- What the layers above keep by name.
CREATE TABLE note (
    name TEXT PRIMARY KEY,
    data BYTEA NOT NULL
);

-- The engine itself holds what was sent and what happened unchangeable.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is never allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = '23000';
END $$;

CREATE TRIGGER blob_never_changes BEFORE UPDATE ON blob
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_never_changes BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
