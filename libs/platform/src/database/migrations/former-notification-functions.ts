/** The function before `1795364000000-due-notifications`, which its `down` restores. */
export const FORMER_REAP = `CREATE OR REPLACE FUNCTION notifications_reap(grace interval, lock_grace interval) RETURNS integer LANGUAGE plpgsql AS $$
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
           WHERE status IN ('waiting', 'unknown') AND due_at < now() - grace AND NOT account_disabled(user_id) ORDER BY due_at LIMIT 500) s
         CROSS JOIN LATERAL (SELECT count(*) AS jobs FROM graphile_worker.jobs j WHERE j.key = s.key AND j.attempts < j.max_attempts) j
         WHERE j.jobs = 0 LOOP
       PERFORM notifications_enqueue_step(x.id, x.position, x.kind, NULL);
       k := k + 1;
     END LOOP;
     FOR x IN SELECT id FROM (
           SELECT id, 'notify:' || id AS key FROM notifications
           WHERE status IN ('scheduled', 'snoozed') AND deliver_at < now() - grace AND NOT account_disabled(user_id) ORDER BY deliver_at LIMIT 500) n
         CROSS JOIN LATERAL (SELECT count(*) AS jobs FROM graphile_worker.jobs j WHERE j.key = n.key AND j.attempts < j.max_attempts) j
         WHERE j.jobs = 0 LOOP
       PERFORM notifications_enqueue_start(x.id, NULL);
       k := k + 1;
     END LOOP;
     RETURN k;
   END $$`;
