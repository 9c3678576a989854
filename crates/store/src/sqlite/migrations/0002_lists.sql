-- What the layers above keep for an issuer, as JSON.
ALTER TABLE issuer ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

ALTER TABLE document ADD COLUMN external_id TEXT;

-- The order of lists in one integer: days from 1970-01-01 to the day of issue,
-- times 2^40, plus the row. Set at acceptance and at a revision.
ALTER TABLE document ADD COLUMN position INTEGER NOT NULL DEFAULT 0;

UPDATE document SET position =
    coalesce(unixepoch(issue_date) / 86400, 0) * 1099511627776 + document_id;

-- Lists walk an index backwards in each combination of what stands before
-- `position`, and merge.

-- Stages in which documents rest without being authorized. A document that
-- goes well never touches these two.
CREATE INDEX document_resting
    ON document (account, stage, environment, document_type, schema_version, position)
    WHERE stage IN (0, 5, 7, 8);

CREATE INDEX document_resting_of_issuer
    ON document (issuer, stage, environment, document_type, schema_version, position)
    WHERE stage IN (0, 5, 7, 8);

CREATE INDEX document_external
    ON document (account, external_id, position) WHERE external_id IS NOT NULL;

-- What follows is filled in batches, after the acceptance, which it would make
-- dearer by a third, up to the row `indexed_to`; the rows beyond it are searched
-- as they are.
CREATE TABLE search_progress (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    indexed_to INTEGER NOT NULL
) STRICT;

INSERT INTO search_progress (one, indexed_to) VALUES (1, 0);

CREATE TABLE account_position (
    account        INTEGER NOT NULL,
    environment    INTEGER NOT NULL,
    document_type  TEXT NOT NULL,
    schema_version TEXT NOT NULL,
    position       INTEGER NOT NULL,
    PRIMARY KEY (account, environment, document_type, schema_version, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE issuer_position (
    issuer         INTEGER NOT NULL,
    environment    INTEGER NOT NULL,
    document_type  TEXT NOT NULL,
    schema_version TEXT NOT NULL,
    establishment  TEXT NOT NULL,
    point          TEXT NOT NULL,
    position       INTEGER NOT NULL,
    sequential     INTEGER NOT NULL,
    PRIMARY KEY (issuer, environment, document_type, schema_version, establishment, point,
        position)
) STRICT, WITHOUT ROWID;

-- Old numbers of all series at once: the constraint that keeps numbers apart
-- leads to them one by one, and each time to the document for its position.
CREATE TABLE number_position (
    account       INTEGER NOT NULL,
    document_type TEXT NOT NULL,
    sequential    INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    PRIMARY KEY (account, document_type, sequential, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE receiver_position (
    account       INTEGER NOT NULL,
    receiver_id   TEXT NOT NULL,
    environment   INTEGER NOT NULL,
    document_type TEXT NOT NULL,
    position      INTEGER NOT NULL,
    PRIMARY KEY (account, receiver_id, environment, document_type, position)
) STRICT, WITHOUT ROWID;

-- `rowid` is the position. The words come folded: the tokenizer only splits.
CREATE VIRTUAL TABLE document_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii',
    prefix = '1 2 3 4 5 6'
);

CREATE TABLE idempotency (
    idempotency_id INTEGER PRIMARY KEY,
    account        INTEGER NOT NULL REFERENCES account (account_id),
    key            TEXT NOT NULL,
    fingerprint    BLOB NOT NULL,
    answer         BLOB NOT NULL,
    document       INTEGER NOT NULL REFERENCES document (document_id),
    expires_at     INTEGER NOT NULL,
    UNIQUE (account, key)
) STRICT;

CREATE INDEX idempotency_expiry ON idempotency (expires_at);

CREATE TABLE payment_reminder (
    document INTEGER PRIMARY KEY REFERENCES document (document_id),
    due      TEXT NOT NULL
) STRICT;

CREATE TABLE series_counter (
    issuer        INTEGER NOT NULL REFERENCES issuer (issuer_id),
    environment   INTEGER NOT NULL,
    document_type TEXT NOT NULL,
    establishment TEXT NOT NULL,
    point         TEXT NOT NULL,
    last          INTEGER NOT NULL,
    PRIMARY KEY (issuer, environment, document_type, establishment, point)
) STRICT, WITHOUT ROWID;

-- Lists find documents under way by their jobs; one that waits without a job
-- gets a job (kind 1) that nobody works on.
INSERT INTO job (document, kind, run_at, attempt)
SELECT document_id, 1, 0, 0 FROM document
WHERE stage IN (1, 2, 3, 4)
    AND NOT EXISTS (SELECT 1 FROM job WHERE job.document = document.document_id);

-- What the layers above keep by name.
CREATE TABLE note (
    name TEXT PRIMARY KEY NOT NULL,
    data BLOB NOT NULL
) STRICT, WITHOUT ROWID;
