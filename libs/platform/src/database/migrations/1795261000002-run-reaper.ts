import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunReaper1795261000002 implements MigrationInterface {
  readonly name = 'RunReaper1795261000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REAP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION runs_reap');
  }
}

/** Steps of dead workers, and of those whose lease is over, become ready again; so does what lost its job. */
const REAP = `CREATE FUNCTION runs_reap(me integer, max_steps integer, grace interval) RETURNS integer LANGUAGE plpgsql AS $$
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
         UPDATE runs SET status = 'waiting', waiting_for = 'device' WHERE id = x.run_id AND status = 'running' AND custody = 'device';
         IF FOUND THEN PERFORM runs_event(x.run_id, 'run.status', NULL, 'waiting'); END IF;
       END IF;
     END LOOP;
     DELETE FROM run_workers g WHERE id = ANY (dead) AND NOT EXISTS (SELECT FROM run_steps WHERE owner = g.id AND status = 'running');
     -- Jobs that a worker locked which is registered no longer.
     IF EXISTS (SELECT FROM graphile_worker.jobs WHERE task_identifier = 'run_step' AND locked_at < now() - grace) THEN
       PERFORM graphile_worker.force_unlock_workers(ARRAY(SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE task_identifier = 'run_step'
         AND locked_at < now() - grace AND locked_by NOT IN (SELECT unnest(job_workers) FROM run_workers)));
       PERFORM graphile_worker.complete_jobs(ARRAY(SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'run_step' AND locked_at IS NULL
         AND attempts >= max_attempts));
     END IF;
     FOR x IN SELECT s.run_id, s.node FROM run_steps s JOIN runs r ON r.id = s.run_id
         WHERE s.status = 'ready' AND r.status = 'running' AND r.custody = 'server' AND s.ready_at < now() - grace AND NOT s.throttled
         AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = s.run_id || ':' || s.node AND j.attempts < j.max_attempts) LIMIT 100 LOOP
       PERFORM runs_enqueue(x.run_id, x.node, NULL);
       k := k + 1;
     END LOOP;
     PERFORM runs_release(user_id, max_steps) FROM (SELECT DISTINCT user_id FROM run_steps WHERE throttled) AS held;
     RETURN k;
   END $$`;
