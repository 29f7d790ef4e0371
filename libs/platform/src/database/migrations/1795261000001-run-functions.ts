import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunFunctions1795261000001 implements MigrationInterface {
  readonly name = 'RunFunctions1795261000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const text of FUNCTIONS) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION runs_resume; DROP FUNCTION runs_cancel; DROP FUNCTION runs_wake; DROP FUNCTION runs_complete;
      DROP FUNCTION runs_wait_step; DROP FUNCTION runs_fail_step; DROP FUNCTION runs_end_step; DROP FUNCTION runs_begin_step;
      DROP FUNCTION runs_settle; DROP FUNCTION runs_release; DROP FUNCTION runs_admit; DROP FUNCTION runs_ready;
      DROP FUNCTION runs_enqueue; DROP FUNCTION runs_event;
    `);
  }
}

/**
 * The transitions of runs and steps, each a compare-and-swap. Lock order: the run's row, then its steps, then the user's advisory lock
 * (7713). Rows of other runs that are updated under the user's lock are taken with SKIP LOCKED: the holder of such a row admits by itself.
 */
const FUNCTIONS = [
  `CREATE FUNCTION runs_event(r uuid, event text, n integer, d text) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE s integer; u uuid;
   BEGIN
     UPDATE runs SET last_event = last_event + 1 WHERE id = r RETURNING last_event, user_id INTO s, u;
     INSERT INTO run_events (run_id, seq, kind, node, detail) VALUES (r, s, event, n, d);
     PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.event', 'data', json_build_object('run_id', r)))::text);
     IF event = 'run.status' THEN
       PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.status', 'data',
         json_build_object('user_id', u, 'run_id', r, 'status', d)))::text);
     END IF;
   END $$`,

  `CREATE FUNCTION runs_enqueue(r uuid, n integer, due timestamptz) RETURNS void LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM graphile_worker.add_job('run_step', json_build_object('runId', r, 'node', n), job_key := r || ':' || n, run_at := due, max_attempts := 1);
   END $$`,

  // Steps of a running run whose dependencies have ended become ready.
  `CREATE FUNCTION runs_ready(r uuid) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE n integer;
   BEGIN
     FOR n IN UPDATE run_steps SET status = 'ready', ready_at = clock_timestamp() WHERE run_id = r AND status = 'blocked' AND missing = 0 RETURNING node LOOP
       PERFORM runs_enqueue(r, n, NULL);
     END LOOP;
   END $$`,

  // Queued runs of a user start while fewer than the limit are running.
  `CREATE FUNCTION runs_admit(u uuid, max_running integer) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE r uuid; capacity integer;
   BEGIN
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
   END $$`,

  // Steps that the user's limit held back are enqueued again.
  `CREATE FUNCTION runs_release(u uuid, max_steps integer) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE x record; capacity integer;
   BEGIN
     IF NOT EXISTS (SELECT FROM run_steps WHERE user_id = u AND throttled) THEN RETURN; END IF;
     SELECT max_steps - count(*) INTO capacity FROM run_steps WHERE user_id = u AND status = 'running';
     IF capacity <= 0 THEN RETURN; END IF;
     FOR x IN SELECT run_id, node FROM run_steps WHERE user_id = u AND throttled ORDER BY ready_at LIMIT capacity FOR NO KEY UPDATE SKIP LOCKED LOOP
       UPDATE run_steps SET throttled = false WHERE run_id = x.run_id AND node = x.node;
       PERFORM runs_enqueue(x.run_id, x.node, NULL);
     END LOOP;
   END $$`,

  // A run without a step that is ready or running waits for what its waiting steps wait for.
  `CREATE FUNCTION runs_settle(r uuid, max_running integer) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE u uuid; w text;
   BEGIN
     IF EXISTS (SELECT FROM run_steps WHERE run_id = r AND status IN ('ready', 'running')) THEN RETURN; END IF;
     SELECT waiting_for INTO w FROM run_steps WHERE run_id = r AND status = 'waiting' ORDER BY waiting_for = 'time', node LIMIT 1;
     IF w IS NULL THEN RETURN; END IF;
     UPDATE runs SET status = 'waiting', waiting_for = w WHERE id = r AND status = 'running' RETURNING user_id INTO u;
     IF u IS NULL THEN RETURN; END IF;
     PERFORM runs_event(r, 'run.status', NULL, 'waiting');
     PERFORM runs_admit(u, max_running);
   END $$`,

  `CREATE FUNCTION runs_begin_step(r uuid, n integer, me integer, lease interval, max_steps integer) RETURNS SETOF run_steps LANGUAGE plpgsql AS $$
   DECLARE u uuid; k integer; s run_steps;
   BEGIN
     SELECT user_id INTO u FROM runs WHERE id = r AND status = 'running' FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN; END IF;
     SELECT count(*) INTO k FROM run_steps WHERE user_id = u AND status = 'running';
     IF k >= max_steps THEN
       UPDATE run_steps SET throttled = true WHERE run_id = r AND node = n AND status = 'ready';
       RETURN;
     END IF;
     UPDATE run_steps SET status = 'running', attempt = attempt + 1, owner = me, lease_until = now() + lease, throttled = false,
       started_at = coalesce(started_at, clock_timestamp())
       WHERE run_id = r AND node = n AND status = 'ready' RETURNING * INTO s;
     IF NOT FOUND THEN RETURN; END IF;
     PERFORM runs_event(r, 'step.started', n, s.attempt::text);
     RETURN NEXT s;
   END $$`,

  // Returns the number of steps that are still open, or -1 where the result is refused.
  `CREATE FUNCTION runs_end_step(r uuid, n integer, a integer, me integer, s text, result bytea, code text, tokens_in bigint, tokens_out bigint,
     max_running integer, max_steps integer) RETURNS integer LANGUAGE plpgsql AS $$
   DECLARE st text; u uuid; fed integer[]; remaining integer;
   BEGIN
     SELECT status, user_id INTO st, u FROM runs WHERE id = r AND status NOT IN ('completed', 'cancelled') FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN -1; END IF;
     UPDATE run_steps SET status = s, output = result, error_code = code, journal = NULL, question = NULL, answer = NULL, owner = NULL, lease_until = NULL,
       ended_at = clock_timestamp()
       WHERE run_id = r AND node = n AND attempt = a AND owner = me AND status = 'running' RETURNING dependents INTO fed;
     IF NOT FOUND THEN RETURN -1; END IF;
     UPDATE runs SET open_steps = open_steps - 1, input_tokens = input_tokens + tokens_in, output_tokens = output_tokens + tokens_out
       WHERE id = r RETURNING open_steps INTO remaining;
     PERFORM runs_event(r, CASE s WHEN 'failed' THEN 'step.failed' ELSE 'step.completed' END, n, CASE s WHEN 'failed' THEN code ELSE s END);
     PERFORM runs_event(r, 'progress', NULL, (SELECT (100 * (total_steps - open_steps) / total_steps)::text FROM runs WHERE id = r));
     UPDATE run_steps SET missing = missing - 1 WHERE run_id = r AND node = ANY (fed);
     IF st = 'running' AND remaining > 0 THEN
       PERFORM runs_ready(r);
       PERFORM runs_settle(r, max_running);
     END IF;
     PERFORM runs_release(u, max_steps);
     RETURN remaining;
   END $$`,

  // With a delay the step is tried again; without one it fails, and its run with it.
  `CREATE FUNCTION runs_fail_step(r uuid, n integer, a integer, me integer, code text, delay interval, kept bytea, tokens_in bigint, tokens_out bigint,
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

  `CREATE FUNCTION runs_wait_step(r uuid, n integer, a integer, me integer, w text, until timestamptz, asked bytea, kept bytea,
     max_running integer, max_steps integer) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE u uuid;
   BEGIN
     SELECT user_id INTO u FROM runs WHERE id = r AND status NOT IN ('completed', 'cancelled') FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE run_steps SET status = 'waiting', waiting_for = w, wait_until = until, question = asked, answer = NULL, journal = kept, owner = NULL, lease_until = NULL
       WHERE run_id = r AND node = n AND attempt = a AND owner = me AND status = 'running';
     IF NOT FOUND THEN RETURN false; END IF;
     IF until IS NOT NULL THEN PERFORM runs_enqueue(r, n, until); END IF;
     PERFORM runs_settle(r, max_running);
     PERFORM runs_release(u, max_steps);
     IF w = 'device' THEN
       PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.question', 'data',
         json_build_object('user_id', u, 'run_id', r, 'node', n)))::text);
     END IF;
     RETURN true;
   END $$`,

  // The waiting step continues: its answer has come, or its time is over.
  `CREATE FUNCTION runs_wake(r uuid, n integer, given bytea, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
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

  // A sealed result is for devices alone: what the server could read of the run is dropped with it.
  `CREATE FUNCTION runs_complete(r uuid, result bytea, sealed boolean, actions uuid[], max_running integer) RETURNS void LANGUAGE plpgsql AS $$
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

  // What failed is tried again; what has ended is kept.
  `CREATE FUNCTION runs_resume(r uuid, u uuid, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE runs SET status = 'queued', error_code = NULL, error_step = NULL, ended_at = NULL, attempt = attempt + 1
       WHERE id = r AND user_id = u AND status = 'failed' AND input IS NOT NULL;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE run_steps SET status = 'blocked', failures = 0, error_code = NULL WHERE run_id = r AND status = 'failed' AND ended_at IS NULL;
     PERFORM runs_event(r, 'run.status', NULL, 'queued');
     PERFORM runs_admit(u, max_running);
     RETURN true;
   END $$`,

  `CREATE FUNCTION runs_cancel(r uuid, u uuid, max_running integer, max_steps integer) RETURNS boolean LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE runs SET status = 'cancelled', waiting_for = NULL, ended_at = clock_timestamp(), input = NULL
       WHERE id = r AND user_id = u AND status IN ('queued', 'running', 'waiting');
     IF NOT FOUND THEN RETURN false; END IF;
     PERFORM graphile_worker.remove_job(r || ':' || node) FROM run_steps WHERE run_id = r AND status IN ('ready', 'waiting');
     UPDATE run_steps SET status = CASE WHEN status IN ('done', 'skipped', 'failed') THEN status ELSE 'cancelled' END, owner = NULL, lease_until = NULL, throttled = false,
       body = NULL, input = NULL, output = NULL, journal = NULL, question = NULL, answer = NULL WHERE run_id = r;
     PERFORM runs_event(r, 'run.status', NULL, 'cancelled');
     PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.cancelled', 'data', json_build_object('run_id', r)))::text);
     PERFORM runs_admit(u, max_running);
     PERFORM runs_release(u, max_steps);
     RETURN true;
   END $$`,
];
