-- Accounts take turns at the queue: four times the account, plus two for
-- production, plus one where SRI is asked (stage 1 was never sent).
ALTER TABLE job ADD COLUMN queue BIGINT;

UPDATE job SET queue = account * 4 + (environment = 2)::int * 2 + (stage <> 1)::int
FROM document WHERE document_id = job.document;

ALTER TABLE job ALTER COLUMN queue SET NOT NULL;

DROP INDEX job_due;
CREATE INDEX job_turn ON job (queue, run_at, document);
