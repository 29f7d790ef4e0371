import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeyedTakeovers1795287000000 implements MigrationInterface {
  readonly name = 'KeyedTakeovers1795287000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const text of FUNCTIONS) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const text of PREVIOUS) await runner.query(text);
  }
}

/** Both that keys are dropped with their worker and that takeovers are counted. */
const FUNCTIONS = [
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

const PREVIOUS = [
  `CREATE OR REPLACE FUNCTION runs_resume(r uuid, u uuid, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE st text;
   BEGIN
     UPDATE runs SET status = CASE custody WHEN 'device' THEN 'waiting' ELSE 'queued' END, waiting_for = CASE custody WHEN 'device' THEN 'device' END, error_code = NULL, error_step = NULL, ended_at = NULL, attempt = attempt + 1
       WHERE id = r AND user_id = u AND status = 'failed' AND input IS NOT NULL RETURNING status INTO st;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE run_steps SET status = 'blocked', failures = 0, error_code = NULL WHERE run_id = r AND status = 'failed' AND ended_at IS NULL;
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
       UPDATE run_steps s SET status = CASE WHEN r.status = 'running' AND r.custody = 'server' THEN 'ready' ELSE 'blocked' END, ready_at = now(), owner = NULL, lease_until = NULL
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
