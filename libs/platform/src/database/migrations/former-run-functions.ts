/** The functions of runs before `1795286000000-run-keys`, which its `down` restores. */
export const FORMER_RUN_FUNCTIONS = [
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
         WHERE id = r AND status IN ('running', 'waiting');
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
       WHERE id = r AND status IN ('running', 'failed') AND open_steps = 0 RETURNING user_id INTO u;
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
   BEGIN
     UPDATE runs SET status = 'queued', error_code = NULL, error_step = NULL, ended_at = NULL, attempt = attempt + 1
       WHERE id = r AND user_id = u AND status = 'failed' AND input IS NOT NULL;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE run_steps SET status = 'blocked', failures = 0, error_code = NULL WHERE run_id = r AND status = 'failed' AND ended_at IS NULL;
     PERFORM runs_event(r, 'run.status', NULL, 'queued');
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
   END $$`,

  `CREATE OR REPLACE FUNCTION runs_enqueue(r uuid, n integer, due timestamptz) RETURNS void LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM graphile_worker.add_job('run_step', json_build_object('runId', r, 'node', n), job_key := r || ':' || n, run_at := due, max_attempts := 1);
   END $$`,

  `CREATE OR REPLACE FUNCTION runs_wake(r uuid, n integer, given bytea, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE u uuid; st text;
   BEGIN
     SELECT user_id, status INTO u, st FROM runs WHERE id = r AND status IN ('running', 'waiting') FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE run_steps SET status = 'blocked', waiting_for = NULL, answer = given WHERE run_id = r AND node = n AND status = 'waiting'
       AND (waiting_for <> 'time' OR wait_until <= clock_timestamp());
     IF NOT FOUND THEN RETURN false; END IF;
     IF st = 'running' THEN
       PERFORM runs_ready(r);
     ELSE
       UPDATE runs SET status = 'queued', waiting_for = NULL WHERE id = r;
       PERFORM runs_event(r, 'run.status', NULL, 'queued');
       PERFORM runs_admit(u, max_running);
     END IF;
     RETURN true;
   END $$`,
];
