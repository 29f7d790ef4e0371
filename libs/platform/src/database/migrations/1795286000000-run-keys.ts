import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FORMER_RUN_FUNCTIONS } from './former-run-functions';

/** Keys of runs with custody of a device; takeovers of a step are counted apart from its attempts, which waiting for a device counts up too. */
export class RunKeys1795286000000 implements MigrationInterface {
  readonly name = 'RunKeys1795286000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE goals ADD COLUMN custody text NOT NULL DEFAULT 'server';
      ALTER TABLE runs ADD COLUMN key_worker integer, ADD COLUMN wrapped_key bytea;
      ALTER TABLE run_workers ADD COLUMN public_key bytea;
      ALTER TABLE run_steps ADD COLUMN takeovers integer NOT NULL DEFAULT 0;
      CREATE INDEX runs_key_worker ON runs (key_worker) WHERE key_worker IS NOT NULL;
    `);
    for (const text of FUNCTIONS) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER runs_ended_key ON runs');
    for (const text of FORMER_RUN_FUNCTIONS) await runner.query(text);
    await runner.query(`
      DROP FUNCTION runs_lend_key; DROP FUNCTION runs_drop_key; DROP FUNCTION runs_forget_key;
      ALTER TABLE run_steps DROP COLUMN takeovers;
      ALTER TABLE run_workers DROP COLUMN public_key;
      ALTER TABLE runs DROP COLUMN wrapped_key, DROP COLUMN key_worker;
      ALTER TABLE goals DROP COLUMN custody;
    `);
  }
}

/**
 * A run with custody of a device executes only in the worker that has its key. The row holds the key encrypted to a key pair that this
 * worker has in memory alone: when the worker dies, the key is gone and the run waits for it again.
 */
const FUNCTIONS = [
  // The key of a run that has ended is gone, however it ended.
  `CREATE FUNCTION runs_forget_key() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     NEW.key_worker := NULL;
     NEW.wrapped_key := NULL;
     RETURN NEW;
   END $$`,

  `CREATE TRIGGER runs_ended_key BEFORE UPDATE OF status ON runs FOR EACH ROW
   WHEN (NEW.key_worker IS NOT NULL AND NEW.status IN ('completed', 'failed', 'cancelled')) EXECUTE FUNCTION runs_forget_key()`,

  // The worker that had the key is gone: the run waits for a device to send it again.
  `CREATE FUNCTION runs_drop_key(r uuid) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE st text;
   BEGIN
     SELECT status INTO st FROM runs WHERE id = r;
     PERFORM graphile_worker.remove_job(r || ':' || node) FROM run_steps WHERE run_id = r AND status = 'ready';
     UPDATE run_steps SET status = 'blocked' WHERE run_id = r AND status = 'ready';
     UPDATE runs SET key_worker = NULL, wrapped_key = NULL, status = CASE WHEN status IN ('queued', 'running') THEN 'waiting' ELSE status END,
       waiting_for = CASE WHEN status IN ('queued', 'running') THEN 'device' ELSE waiting_for END WHERE id = r;
     IF st IN ('queued', 'running') THEN PERFORM runs_event(r, 'run.status', NULL, 'waiting'); END IF;
   END $$`,

  // False where the run does not wait for a key.
  `CREATE FUNCTION runs_lend_key(r uuid, u uuid, w integer, wrapped bytea, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE runs SET status = 'queued', waiting_for = NULL, key_worker = w, wrapped_key = wrapped
       WHERE id = r AND user_id = u AND custody = 'device' AND status = 'waiting' AND key_worker IS NULL;
     IF NOT FOUND THEN RETURN false; END IF;
     PERFORM runs_event(r, 'run.status', NULL, 'queued');
     PERFORM runs_admit(u, max_running);
     RETURN true;
   END $$`,

  `CREATE OR REPLACE FUNCTION runs_enqueue(r uuid, n integer, due timestamptz) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE task text;
   BEGIN
     SELECT 'run_step_' || encode(w.public_key, 'hex') INTO task FROM runs JOIN run_workers w ON w.id = runs.key_worker WHERE runs.id = r;
     PERFORM graphile_worker.add_job(coalesce(task, 'run_step'), json_build_object('runId', r, 'node', n), job_key := r || ':' || n, run_at := due, max_attempts := 1);
   END $$`,

  `CREATE OR REPLACE FUNCTION runs_wake(r uuid, n integer, given bytea, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE u uuid; st text; keyless boolean;
   BEGIN
     SELECT user_id, status, custody = 'device' AND key_worker IS NULL INTO u, st, keyless FROM runs WHERE id = r AND status IN ('running', 'waiting') FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE run_steps SET status = 'blocked', waiting_for = NULL, answer = given WHERE run_id = r AND node = n AND status = 'waiting'
       AND (waiting_for <> 'time' OR wait_until <= clock_timestamp());
     IF NOT FOUND THEN RETURN false; END IF;
     IF st = 'running' THEN
       PERFORM runs_ready(r);
     ELSIF NOT keyless THEN
       UPDATE runs SET status = 'queued', waiting_for = NULL WHERE id = r;
       PERFORM runs_event(r, 'run.status', NULL, 'queued');
       PERFORM runs_admit(u, max_running);
     END IF;
     RETURN true;
   END $$`,

  // A parallel step may fail after its run was resumed and before it starts again.
  `CREATE OR REPLACE FUNCTION runs_fail_step(r uuid, n integer, a integer, me integer, code text, delay interval, kept bytea, tokens_in bigint, tokens_out bigint,
     max_running integer, max_steps integer) RETURNS text LANGUAGE plpgsql AS $$
   DECLARE st text; u uuid; step uuid; s text := CASE WHEN delay IS NULL THEN 'failed' ELSE 'ready' END;
   BEGIN
     SELECT status, user_id INTO st, u FROM runs WHERE id = r AND status NOT IN ('completed', 'cancelled') FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN 'refused'; END IF;
     IF delay IS NOT NULL AND st <> 'running' THEN s := 'blocked'; END IF;
     UPDATE run_steps SET status = s, error_code = code, failures = failures + 1, owner = NULL, lease_until = NULL, journal = kept, ready_at = now() + delay
       WHERE run_id = r AND node = n AND attempt = a AND owner = me AND status = 'running' RETURNING id INTO step;
     IF NOT FOUND THEN RETURN 'refused'; END IF;
     UPDATE runs SET input_tokens = input_tokens + tokens_in, output_tokens = output_tokens + tokens_out WHERE id = r;
     IF s = 'ready' THEN
       PERFORM runs_enqueue(r, n, now() + delay);
     ELSIF s = 'failed' THEN
       PERFORM runs_event(r, 'step.failed', n, code);
       UPDATE runs SET status = 'failed', waiting_for = NULL, error_code = code, error_step = step, ended_at = clock_timestamp()
         WHERE id = r AND status IN ('queued', 'running', 'waiting');
       IF FOUND THEN
         PERFORM runs_event(r, 'run.status', NULL, 'failed');
         PERFORM runs_admit(u, max_running);
       END IF;
     END IF;
     PERFORM runs_release(u, max_steps);
     RETURN s;
   END $$`,

  `CREATE OR REPLACE FUNCTION runs_complete(r uuid, result bytea, sealed boolean, actions uuid[], max_running integer) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE u uuid;
   BEGIN
     UPDATE runs SET status = 'completed', waiting_for = NULL, ended_at = clock_timestamp(), output = result, output_sealed = sealed, pending_actions = actions,
       error_code = NULL, error_step = NULL, input = CASE WHEN sealed THEN NULL ELSE input END
       WHERE id = r AND status = 'running' AND open_steps = 0 RETURNING user_id INTO u;
     IF NOT FOUND THEN RETURN; END IF;
     IF sealed THEN
       UPDATE run_steps SET body = NULL, input = NULL, output = NULL, journal = NULL, question = NULL, answer = NULL WHERE run_id = r;
     END IF;
     PERFORM runs_event(r, 'output', NULL, NULL);
     PERFORM runs_event(r, 'run.status', NULL, 'completed');
     PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.output', 'data', json_build_object('user_id', u, 'run_id', r)))::text);
     PERFORM runs_admit(u, max_running);
   END $$`,

  `CREATE OR REPLACE FUNCTION runs_resume(r uuid, u uuid, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE st text;
   BEGIN
     UPDATE runs SET status = CASE custody WHEN 'device' THEN 'waiting' ELSE 'queued' END, waiting_for = CASE custody WHEN 'device' THEN 'device' END, error_code = NULL, error_step = NULL, ended_at = NULL, attempt = attempt + 1
       WHERE id = r AND user_id = u AND status = 'failed' AND input IS NOT NULL RETURNING status INTO st;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE run_steps SET status = 'blocked', failures = 0, takeovers = 0, error_code = NULL WHERE run_id = r AND status = 'failed' AND ended_at IS NULL;
     PERFORM runs_event(r, 'run.status', NULL, st);
     PERFORM runs_admit(u, max_running);
     RETURN true;
   END $$`,

  `CREATE OR REPLACE FUNCTION runs_reap(me integer, max_steps integer, grace interval) RETURNS integer LANGUAGE plpgsql AS $$
   DECLARE w integer; dead integer[] := '{}'; x record; k integer := 0;
   BEGIN
     FOR w IN SELECT id FROM run_workers WHERE id <> me LOOP
       IF pg_try_advisory_xact_lock(7711, w) THEN dead := dead || w; END IF;
     END LOOP;
     FOR x IN SELECT run_id, node FROM run_steps WHERE status = 'running' AND (owner = ANY (dead) OR lease_until < now()) ORDER BY run_id, node LOOP
       PERFORM 1 FROM runs WHERE id = x.run_id FOR NO KEY UPDATE SKIP LOCKED;
       IF NOT FOUND THEN CONTINUE; END IF;
       UPDATE run_steps s SET status = CASE WHEN r.status = 'running' AND r.custody = 'server' THEN 'ready' ELSE 'blocked' END, ready_at = now(), owner = NULL, lease_until = NULL, takeovers = s.takeovers + 1
         FROM runs r WHERE r.id = s.run_id AND s.run_id = x.run_id AND s.node = x.node AND s.status = 'running' AND (s.owner = ANY (dead) OR s.lease_until < now());
       IF FOUND THEN
         k := k + 1;
         PERFORM runs_enqueue(x.run_id, x.node, NULL) FROM runs WHERE id = x.run_id AND status = 'running' AND custody = 'server';
         PERFORM runs_drop_key(x.run_id) FROM runs WHERE id = x.run_id AND custody = 'device';
       END IF;
     END LOOP;
     FOR x IN SELECT id FROM runs WHERE key_worker = ANY (dead) FOR NO KEY UPDATE SKIP LOCKED LOOP
       PERFORM runs_drop_key(x.id);
       k := k + 1;
     END LOOP;
     DELETE FROM run_workers g WHERE id = ANY (dead) AND NOT EXISTS (SELECT FROM run_steps WHERE owner = g.id AND status = 'running')
       AND NOT EXISTS (SELECT FROM runs WHERE key_worker = g.id);
     -- Jobs that a worker locked which is registered no longer.
     IF EXISTS (SELECT FROM graphile_worker.jobs WHERE task_identifier LIKE 'run\\_step%' AND locked_at < now() - grace) THEN
       PERFORM graphile_worker.force_unlock_workers(ARRAY(SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE task_identifier LIKE 'run\\_step%'
         AND locked_at < now() - grace AND locked_by NOT IN (SELECT unnest(job_workers) FROM run_workers)));
       PERFORM graphile_worker.complete_jobs(ARRAY(SELECT id FROM graphile_worker.jobs WHERE task_identifier LIKE 'run\\_step%' AND locked_at IS NULL
         AND attempts >= max_attempts));
     END IF;
     FOR x IN SELECT s.run_id, s.node FROM run_steps s JOIN runs r ON r.id = s.run_id
         WHERE s.status = 'ready' AND r.status = 'running' AND (r.custody = 'server' OR r.key_worker IS NOT NULL) AND s.ready_at < now() - grace AND NOT s.throttled
         AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = s.run_id || ':' || s.node AND j.attempts < j.max_attempts) LIMIT 100 LOOP
       PERFORM runs_enqueue(x.run_id, x.node, NULL);
       k := k + 1;
     END LOOP;
     PERFORM runs_release(user_id, max_steps) FROM (SELECT DISTINCT user_id FROM run_steps WHERE throttled) AS held;
     RETURN k;
   END $$`,
];
