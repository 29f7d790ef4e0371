import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a disabled account has running pauses: its queued runs, its steps and its notification chains wait until it is enabled. The functions
 * differ from the former ones by that alone.
 */
export class DisabledAccounts1795342000000 implements MigrationInterface {
  readonly name = 'DisabledAccounts1795342000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(IS_DISABLED);
    for (const text of functions(true)) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const text of functions(false)) await runner.query(text);
    await runner.query('DROP FUNCTION account_disabled');
  }
}

const IS_DISABLED = `CREATE FUNCTION account_disabled(u uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM users WHERE id = u AND disabled_at IS NOT NULL) $$`;

function functions(pauses: boolean): readonly string[] {
  const paused = (user: string): string => (pauses ? `IF account_disabled(${user}) THEN RETURN; END IF;` : '');
  const or = (condition: string): string => (pauses ? ` OR ${condition}` : '');
  const unless = (condition: string): string => (pauses ? ` AND NOT ${condition}` : '');
  return [
    `CREATE OR REPLACE FUNCTION runs_admit(u uuid, max_running integer) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE r uuid; capacity integer;
   BEGIN
     ${paused('u')}
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

    `CREATE OR REPLACE FUNCTION runs_release(u uuid, max_steps integer) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE x record; capacity integer;
   BEGIN
     ${paused('u')}
     IF NOT EXISTS (SELECT FROM run_steps WHERE user_id = u AND throttled) THEN RETURN; END IF;
     SELECT max_steps - count(*) INTO capacity FROM run_steps WHERE user_id = u AND status = 'running';
     IF capacity <= 0 THEN RETURN; END IF;
     FOR x IN SELECT run_id, node FROM run_steps WHERE user_id = u AND throttled ORDER BY ready_at LIMIT capacity FOR NO KEY UPDATE SKIP LOCKED LOOP
       UPDATE run_steps SET throttled = false WHERE run_id = x.run_id AND node = x.node;
       PERFORM runs_enqueue(x.run_id, x.node, NULL);
     END LOOP;
   END $$`,

    `CREATE OR REPLACE FUNCTION runs_begin_step(r uuid, n integer, me integer, lease interval, max_steps integer) RETURNS SETOF run_steps LANGUAGE plpgsql AS $$
   DECLARE u uuid; k integer; s run_steps;
   BEGIN
     SELECT user_id INTO u FROM runs WHERE id = r AND status = 'running' FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN; END IF;
     SELECT count(*) INTO k FROM run_steps WHERE user_id = u AND status = 'running';
     IF k >= max_steps${or('account_disabled(u)')} THEN
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

    `CREATE OR REPLACE FUNCTION notifications_begin_step(n uuid, p integer, lease interval) RETURNS SETOF notification_steps LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM 1 FROM notifications WHERE id = n AND status = 'escalating' AND (expires_at IS NULL OR expires_at > clock_timestamp()) ${unless('account_disabled(user_id)')} FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN; END IF;
     RETURN QUERY UPDATE notification_steps SET status = 'sending', attempts = attempts + 1, claim = gen_random_uuid(),
         first_claimed_at = coalesce(first_claimed_at, clock_timestamp()), lease_until = clock_timestamp() + lease, updated_at = clock_timestamp()
       WHERE notification_id = n AND position = p AND status IN ('waiting', 'unknown') AND due_at <= clock_timestamp() RETURNING *;
   END $$`,

    `CREATE OR REPLACE FUNCTION notifications_reap(grace interval, lock_grace interval) RETURNS integer LANGUAGE plpgsql AS $$
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
           WHERE status IN ('waiting', 'unknown') AND due_at < now() - grace${unless('account_disabled(user_id)')} ORDER BY due_at LIMIT 500) s
         CROSS JOIN LATERAL (SELECT count(*) AS jobs FROM graphile_worker.jobs j WHERE j.key = s.key AND j.attempts < j.max_attempts) j
         WHERE j.jobs = 0 LOOP
       PERFORM notifications_enqueue_step(x.id, x.position, x.kind, NULL);
       k := k + 1;
     END LOOP;
     FOR x IN SELECT id FROM (
           SELECT id, 'notify:' || id AS key FROM notifications
           WHERE status IN ('scheduled', 'snoozed') AND deliver_at < now() - grace${unless('account_disabled(user_id)')} ORDER BY deliver_at LIMIT 500) n
         CROSS JOIN LATERAL (SELECT count(*) AS jobs FROM graphile_worker.jobs j WHERE j.key = n.key AND j.attempts < j.max_attempts) j
         WHERE j.jobs = 0 LOOP
       PERFORM notifications_enqueue_start(x.id, NULL);
       k := k + 1;
     END LOOP;
     RETURN k;
   END $$`,
  ];
}
