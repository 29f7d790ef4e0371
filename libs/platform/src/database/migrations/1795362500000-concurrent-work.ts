import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Answers and runs of a user in progress are counted together, in all processes. Each run has the limit that was in force when it was started;
 * null for runs from before. A run that waits only for a stream is held: the end of a stream admits nothing by itself.
 */
export class ConcurrentWork1795362500000 implements MigrationInterface {
  readonly name = 'ConcurrentWork1795362500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs ADD COLUMN max_concurrent integer, ADD COLUMN held boolean NOT NULL DEFAULT false;
      CREATE INDEX runs_held ON runs (user_id) WHERE held;
    `);
    await runner.query(ADMIT);
    await runner.query(OPEN_STREAM);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION chat_streams_open');
    await runner.query(FORMER_ADMIT);
    await runner.query('ALTER TABLE runs DROP COLUMN held, DROP COLUMN max_concurrent');
  }
}

const ADMIT = `CREATE OR REPLACE FUNCTION runs_admit(u uuid, max_running integer) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE x record; running integer; streams integer;
  BEGIN
    IF account_disabled(u) THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(7713, hashtext(u::text));
    SELECT count(*) INTO running FROM runs WHERE user_id = u AND status = 'running';
    IF running >= max_running THEN RETURN; END IF;
    SELECT count(*) INTO streams FROM chat_streams WHERE user_id = u AND alive_until > clock_timestamp();
    FOR x IN SELECT id, max_concurrent FROM runs WHERE user_id = u AND status = 'queued' ORDER BY created_at, id LIMIT max_running - running
        FOR NO KEY UPDATE SKIP LOCKED LOOP
      IF running + streams >= x.max_concurrent THEN
        UPDATE runs SET held = streams > 0 WHERE id = x.id AND held <> (streams > 0);
        EXIT;
      END IF;
      UPDATE runs SET status = 'running', waiting_for = NULL, held = false, started_at = coalesce(started_at, clock_timestamp())
        WHERE id = x.id AND status = 'queued';
      IF FOUND THEN
        running := running + 1;
        PERFORM runs_event(x.id, 'run.status', NULL, 'running');
        PERFORM runs_ready(x.id);
        PERFORM runs_settle(x.id, max_running);
      END IF;
    END LOOP;
  END $$`;

/** Under the lock that admits runs, so that what several processes start together stays below the limit. */
const OPEN_STREAM = `CREATE FUNCTION chat_streams_open(s uuid, u uuid, request text, resume_verifier bytea, lease interval, ttl interval, ended uuid[],
    max_concurrent integer) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(7713, hashtext(u::text));
    DELETE FROM chat_streams WHERE user_id = u AND request_id = request AND (alive_until <= clock_timestamp() OR id = ANY (ended));
    IF EXISTS (SELECT FROM chat_streams WHERE user_id = u AND request_id = request) THEN RETURN 'conflict'; END IF;
    IF (SELECT count(*) FROM chat_streams WHERE user_id = u AND alive_until > clock_timestamp() AND id <> ALL (ended))
        + (SELECT count(*) FROM runs WHERE user_id = u AND status = 'running') >= max_concurrent THEN
      RETURN 'full';
    END IF;
    INSERT INTO chat_streams (id, user_id, request_id, verifier, alive_until, expires_at)
      VALUES (s, u, request, resume_verifier, clock_timestamp() + lease, clock_timestamp() + ttl);
    RETURN 'open';
  END $$`;

const FORMER_ADMIT = `CREATE OR REPLACE FUNCTION runs_admit(u uuid, max_running integer) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE r uuid; capacity integer;
  BEGIN
    IF account_disabled(u) THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(7713, hashtext(u::text));
    SELECT max_running - count(*) INTO capacity FROM runs WHERE user_id = u AND status = 'running';
    IF capacity <= 0 THEN RETURN; END IF;
    FOR r IN SELECT id FROM runs WHERE user_id = u AND status = 'queued' ORDER BY created_at, id LIMIT capacity FOR NO KEY UPDATE SKIP LOCKED LOOP
      UPDATE runs SET status = 'running', waiting_for = NULL, started_at = coalesce(started_at, clock_timestamp()) WHERE id = r AND status = 'queued';
      IF FOUND THEN
        PERFORM runs_event(r, 'run.status', NULL, 'running');
        PERFORM runs_ready(r);
        PERFORM runs_settle(r, max_running);
      END IF;
    END LOOP;
  END $$`;
