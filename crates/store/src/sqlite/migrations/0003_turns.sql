-- Accounts take turns at the queue: four times the account, plus two for
-- production, plus one where SRI is asked (stage 1 was never sent).
ALTER TABLE job ADD COLUMN queue INTEGER NOT NULL DEFAULT 0;

UPDATE job SET queue = (
    SELECT account * 4 + (environment = 2) * 2 + (stage <> 1)
    FROM document WHERE document_id = job.document);

DROP INDEX job_due;
CREATE INDEX job_turn ON job (kind, queue, run_at);
