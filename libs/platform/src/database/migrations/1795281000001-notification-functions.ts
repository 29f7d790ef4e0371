import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NotificationFunctions1795281000001 implements MigrationInterface {
  readonly name = 'NotificationFunctions1795281000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const text of FUNCTIONS) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION notifications_reap; DROP FUNCTION notifications_receipt; DROP FUNCTION notifications_close; DROP FUNCTION notifications_end_step;
      DROP FUNCTION notifications_begin_step; DROP FUNCTION notifications_settle; DROP FUNCTION notifications_cancel_steps;
      DROP FUNCTION notifications_enqueue_step; DROP FUNCTION notifications_enqueue_start;
    `);
  }
}

/** The transitions of notifications and steps, each a compare-and-swap. Lock order: the notification's row, then its steps. */
const FUNCTIONS = [
  `CREATE FUNCTION notifications_enqueue_start(n uuid, due timestamptz) RETURNS void LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM graphile_worker.add_job('notify_start', json_build_object('id', n), job_key := 'notify:' || n, run_at := due, max_attempts := 1);
   END $$`,

  `CREATE FUNCTION notifications_enqueue_step(n uuid, p integer, k text, due timestamptz) RETURNS void LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM graphile_worker.add_job('notify_' || k, json_build_object('id', n, 'position', p), job_key := 'notify:' || n || ':' || p, run_at := due,
       max_attempts := 1);
   END $$`,

  // What is claimed is sent to its end.
  `CREATE FUNCTION notifications_cancel_steps(n uuid) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE p integer;
   BEGIN
     FOR p IN UPDATE notification_steps SET status = 'cancelled', updated_at = clock_timestamp() WHERE notification_id = n AND status IN ('waiting', 'unknown')
         RETURNING position LOOP
       PERFORM graphile_worker.remove_job('notify:' || n || ':' || p);
     END LOOP;
   END $$`,

  // The status that the steps of the present round give.
  `CREATE FUNCTION notifications_settle(n uuid) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE open integer; good integer; total integer;
   BEGIN
     SELECT count(*) FILTER (WHERE s.status IN ('waiting', 'sending', 'unknown')), count(*) FILTER (WHERE s.status IN ('sent', 'delivered')), count(*)
       INTO open, good, total FROM notification_steps s JOIN notifications x ON x.id = s.notification_id AND x.round = s.round WHERE s.notification_id = n;
     UPDATE notifications SET status = CASE WHEN open > 0 THEN 'escalating' WHEN good > 0 OR total = 0 THEN 'delivered' ELSE 'failed' END
       WHERE id = n AND status IN ('escalating', 'delivered', 'failed');
   END $$`,

  `CREATE FUNCTION notifications_begin_step(n uuid, p integer, lease interval) RETURNS SETOF notification_steps LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM 1 FROM notifications WHERE id = n AND status = 'escalating' AND (expires_at IS NULL OR expires_at > clock_timestamp()) FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN; END IF;
     RETURN QUERY UPDATE notification_steps SET status = 'sending', attempts = attempts + 1, claim = gen_random_uuid(),
         first_claimed_at = coalesce(first_claimed_at, clock_timestamp()), lease_until = clock_timestamp() + lease, updated_at = clock_timestamp()
       WHERE notification_id = n AND position = p AND status IN ('waiting', 'unknown') AND due_at <= clock_timestamp() RETURNING *;
   END $$`,

  // Status 'waiting' comes with the time of the next attempt; 'postponed' moves all later steps of the chain along.
  `CREATE FUNCTION notifications_end_step(n uuid, p integer, c uuid, s text, provider text, code text, due timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE st text; step notification_steps; x record; shift interval;
   BEGIN
     SELECT status INTO st FROM notifications WHERE id = n FOR NO KEY UPDATE;
     SELECT * INTO step FROM notification_steps WHERE notification_id = n AND position = p AND claim = c AND status = 'sending' FOR UPDATE;
     IF NOT FOUND THEN RETURN false; END IF;
     IF s IN ('waiting', 'postponed') AND st <> 'escalating' THEN
       UPDATE notification_steps SET status = 'cancelled', claim = NULL, lease_until = NULL, updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
     ELSIF s = 'postponed' THEN
       shift := due - step.due_at;
       UPDATE notification_steps SET status = 'waiting', attempts = attempts - 1, claim = NULL, lease_until = NULL,
         first_claimed_at = CASE WHEN attempts > 1 THEN first_claimed_at END WHERE notification_id = n AND position = p;
       FOR x IN UPDATE notification_steps SET due_at = due_at + shift WHERE notification_id = n AND status = 'waiting' RETURNING position, kind, due_at LOOP
         PERFORM notifications_enqueue_step(n, x.position, x.kind, x.due_at);
       END LOOP;
     ELSIF s = 'waiting' THEN
       UPDATE notification_steps SET status = s, due_at = due, claim = NULL, lease_until = NULL, error_code = code, updated_at = clock_timestamp()
         WHERE notification_id = n AND position = p;
       PERFORM notifications_enqueue_step(n, p, step.kind, due);
     ELSE
       UPDATE notification_steps SET status = s, provider_id = coalesce(provider, provider_id), claim = NULL, lease_until = NULL, error_code = code,
         updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
       PERFORM notifications_settle(n);
     END IF;
     RETURN true;
   END $$`,

  // Acknowledged, snoozed or expired: later steps do not happen.
  `CREATE FUNCTION notifications_close(n uuid, s text, until timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE notifications SET status = s, acknowledged_at = CASE WHEN s = 'acknowledged' THEN clock_timestamp() END, deliver_at = coalesce(until, deliver_at),
       digest = false
       WHERE id = n AND status <> s AND status <> 'acknowledged' AND (s <> 'expired' OR status IN ('scheduled', 'escalating', 'snoozed'));
     IF NOT FOUND THEN RETURN false; END IF;
     PERFORM notifications_cancel_steps(n);
     IF until IS NULL THEN
       PERFORM graphile_worker.remove_job('notify:' || n);
     ELSE
       PERFORM notifications_enqueue_start(n, until);
     END IF;
     RETURN true;
   END $$`,

  // A receipt of the provider, found by our own key of the step. Receipts come in any order and repeatedly: the rank only rises.
  `CREATE FUNCTION notifications_receipt(n uuid, p integer, provider text, rank integer, s text, code text) RETURNS boolean LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM 1 FROM notifications WHERE id = n FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN false; END IF;
     UPDATE notification_steps SET receipt_rank = rank, provider_id = provider, status = coalesce(s, status), error_code = coalesce(code, error_code),
         claim = CASE WHEN s IS NULL THEN claim END, lease_until = CASE WHEN s IS NULL THEN lease_until END, updated_at = clock_timestamp()
       WHERE notification_id = n AND position = p AND attempts > 0 AND receipt_rank < rank AND (provider_id IS NULL OR provider_id = provider)
         AND status IN ('sending', 'unknown', 'sent');
     IF NOT FOUND THEN RETURN false; END IF;
     PERFORM notifications_settle(n);
     RETURN true;
   END $$`,

  // Steps of dead senders, expired notifications, and what has lost its job.
  `CREATE FUNCTION notifications_reap(grace interval, lock_grace interval) RETURNS integer LANGUAGE plpgsql AS $$
   DECLARE x record; k integer := 0;
   BEGIN
     IF NOT pg_try_advisory_xact_lock(7714, 1) THEN RETURN 0; END IF;
     FOR x IN SELECT notification_id AS id, position, kind FROM notification_steps WHERE status = 'sending' AND lease_until < clock_timestamp() LIMIT 500 LOOP
       PERFORM 1 FROM notifications WHERE id = x.id FOR NO KEY UPDATE SKIP LOCKED;
       IF NOT FOUND THEN CONTINUE; END IF;
       UPDATE notification_steps s SET status = CASE n.status WHEN 'escalating' THEN 'unknown' ELSE 'cancelled' END, claim = NULL, lease_until = NULL, updated_at = clock_timestamp()
         FROM notifications n WHERE n.id = s.notification_id AND s.notification_id = x.id AND s.position = x.position AND s.status = 'sending'
           AND s.lease_until < clock_timestamp();
       IF FOUND THEN
         k := k + 1;
         PERFORM notifications_enqueue_step(x.id, x.position, x.kind, NULL) FROM notifications WHERE id = x.id AND status = 'escalating';
       END IF;
     END LOOP;
     FOR x IN SELECT id FROM notifications WHERE status IN ('scheduled', 'escalating', 'snoozed') AND expires_at < clock_timestamp() LIMIT 500
         FOR NO KEY UPDATE SKIP LOCKED LOOP
       PERFORM notifications_close(x.id, 'expired', NULL);
       k := k + 1;
     END LOOP;
     IF EXISTS (SELECT FROM graphile_worker.jobs WHERE task_identifier LIKE 'notify\\_%' AND locked_at < now() - lock_grace) THEN
       PERFORM graphile_worker.force_unlock_workers(ARRAY(SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE task_identifier LIKE 'notify\\_%'
         AND locked_at < now() - lock_grace));
       PERFORM graphile_worker.complete_jobs(ARRAY(SELECT id FROM graphile_worker.jobs WHERE task_identifier LIKE 'notify\\_%' AND locked_at IS NULL
         AND attempts >= max_attempts));
     END IF;
     -- At most 500 candidates a round, each looked up by the index of the keys: thousands may be due whose jobs only wait for their turn.
     FOR x IN SELECT id, position, kind FROM (
           SELECT notification_id AS id, position, kind, 'notify:' || notification_id || ':' || position AS key FROM notification_steps
           WHERE status IN ('waiting', 'unknown') AND due_at < now() - grace ORDER BY due_at LIMIT 500) s
         CROSS JOIN LATERAL (SELECT count(*) AS jobs FROM graphile_worker.jobs j WHERE j.key = s.key AND j.attempts < j.max_attempts) j
         WHERE j.jobs = 0 LOOP
       PERFORM notifications_enqueue_step(x.id, x.position, x.kind, NULL);
       k := k + 1;
     END LOOP;
     FOR x IN SELECT id FROM (
           SELECT id, 'notify:' || id AS key FROM notifications
           WHERE status IN ('scheduled', 'snoozed') AND deliver_at < now() - grace ORDER BY deliver_at LIMIT 500) n
         CROSS JOIN LATERAL (SELECT count(*) AS jobs FROM graphile_worker.jobs j WHERE j.key = n.key AND j.attempts < j.max_attempts) j
         WHERE j.jobs = 0 LOOP
       PERFORM notifications_enqueue_start(x.id, NULL);
       k := k + 1;
     END LOOP;
     RETURN k;
   END $$`,
];
