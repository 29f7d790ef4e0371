import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FORMER_REAP } from './former-notification-functions';
import { NotificationFunctions1795281000001 } from './1795281000001-notification-functions';
import { DeferredSteps1795300000002 } from './1795300000002-deferred-steps';
import { NotificationStarts1795300000003 } from './1795300000003-notification-starts';
import { CallClaims1795361000000 } from './1795361000000-call-claims';

/**
 * The notifications and steps that are due are their own queue: processes claim them in batches and need no job for each. What is enqueued
 * is due by its row, so its job is deleted.
 */
export class DueNotifications1795364000000 implements MigrationInterface {
  readonly name = 'DueNotifications1795364000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION notifications_enqueue_start; DROP FUNCTION notifications_enqueue_step; DROP FUNCTION notifications_begin_step;
      DROP FUNCTION notifications_reap; DROP FUNCTION notifications_start_chain;
      DROP INDEX notification_steps_due;
      CREATE INDEX notification_steps_due ON notification_steps (kind, due_at) WHERE status IN ('waiting', 'unknown');
    `);
    for (const text of FUNCTIONS) await runner.query(text);
    await runner.query(DELETE_JOBS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION notifications_reap; DROP FUNCTION notifications_end_steps; DROP FUNCTION notifications_claim_steps;
      DROP FUNCTION notifications_start_chains; DROP FUNCTION notifications_next_due;
      DROP FUNCTION notifications_receipt; DROP FUNCTION notifications_close; DROP FUNCTION notifications_end_step;
      DROP FUNCTION notifications_settle; DROP FUNCTION notifications_cancel_steps;
      DROP INDEX notification_steps_due;
      CREATE INDEX notification_steps_due ON notification_steps (due_at) WHERE status IN ('waiting', 'unknown');
    `);
    for (const former of [
      new NotificationFunctions1795281000001(),
      new DeferredSteps1795300000002(),
      new NotificationStarts1795300000003(),
      new CallClaims1795361000000(),
    ])
      await former.up(runner);
    await runner.query(FORMER_REAP);
  }
}

/** The queue has no tables yet where all migrations run together. */
const DELETE_JOBS = `DO $$
  BEGIN
    IF to_regclass('graphile_worker.jobs') IS NOT NULL THEN
      PERFORM graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key LIKE 'notify:%';
    END IF;
  END $$`;

/** As before, without jobs. The lock order remains: the notification's row, then its steps. What locks several notifications skips those that are locked, or takes them in the order of their ids. */
const FUNCTIONS = [
  // What is claimed is sent to its end.
  `CREATE OR REPLACE FUNCTION notifications_cancel_steps(n uuid) RETURNS void LANGUAGE sql AS $$
   UPDATE notification_steps SET status = 'cancelled', updated_at = clock_timestamp() WHERE notification_id = n AND status IN ('waiting', 'unknown') $$`,

  // Acknowledged, snoozed or expired: later steps do not happen.
  `CREATE OR REPLACE FUNCTION notifications_close(n uuid, s text, until timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE notifications SET status = s, acknowledged_at = CASE WHEN s = 'acknowledged' THEN clock_timestamp() END, deliver_at = coalesce(until, deliver_at),
       digest = false
       WHERE id = n AND status <> s AND status <> 'acknowledged' AND (s <> 'expired' OR status IN ('scheduled', 'escalating', 'snoozed'));
     IF NOT FOUND THEN RETURN false; END IF;
     PERFORM notifications_cancel_steps(n);
     RETURN true;
   END $$`,

  // Each chain as {id, round, steps} starts, or as {id, round, deliver_at} is postponed, unless it has been started meanwhile. Without steps it is in the inbox alone.
  `CREATE FUNCTION notifications_start_chains(chains json) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE x record; u uuid; first integer;
   BEGIN
     FOR x IN SELECT * FROM json_to_recordset(chains) AS c(id uuid, round integer, deliver_at timestamptz, steps json) ORDER BY c.id LOOP
       IF x.deliver_at IS NOT NULL THEN
         UPDATE notifications SET deliver_at = x.deliver_at WHERE id = x.id AND round = x.round AND status IN ('scheduled', 'snoozed');
         CONTINUE;
       END IF;
       UPDATE notifications SET status = 'escalating', round = round + 1
         WHERE id = x.id AND round = x.round AND status IN ('scheduled', 'snoozed') AND deliver_at <= clock_timestamp() RETURNING user_id INTO u;
       IF NOT FOUND THEN CONTINUE; END IF;
       SELECT count(*) INTO first FROM notification_steps WHERE notification_id = x.id;
       INSERT INTO notification_steps (notification_id, position, round, user_id, channel_id, kind, status, due_at)
         SELECT x.id, first + step.index, x.round + 1, u, step.channel, step.kind, 'waiting', step.due
         FROM json_to_recordset(x.steps) AS step (index integer, channel uuid, kind text, due timestamptz);
       IF NOT FOUND THEN PERFORM notifications_settle(x.id); END IF;
     END LOOP;
   END $$`,

  // At most so many of each kind as "slots" says. Of calls to one number only one process claims in a moment, so that of two that are concurrent the later one sees the earlier.
  `CREATE FUNCTION notifications_claim_steps(slots json, lease interval) RETURNS SETOF notification_steps LANGUAGE plpgsql AS $$
   DECLARE x record;
   BEGIN
     FOR x IN SELECT key AS kind, value::integer AS free FROM json_each_text(slots) LOOP
       RETURN QUERY WITH due AS MATERIALIZED (
           SELECT s.notification_id, s.position FROM notification_steps s JOIN notifications n ON n.id = s.notification_id
           WHERE s.kind = x.kind AND s.status IN ('waiting', 'unknown') AND s.due_at <= statement_timestamp()
             AND n.status = 'escalating' AND (n.expires_at IS NULL OR n.expires_at > clock_timestamp()) AND NOT account_disabled(s.user_id)
             AND (x.kind <> 'voice' OR coalesce((SELECT pg_try_advisory_xact_lock(7719, hashtext(encode(c.address_hash, 'hex')))
               FROM notification_channels c WHERE c.id = s.channel_id), true))
           ORDER BY s.due_at LIMIT x.free FOR NO KEY UPDATE OF n SKIP LOCKED)
         UPDATE notification_steps s SET status = 'sending', attempts = s.attempts + 1, claim = gen_random_uuid(),
           first_claimed_at = coalesce(s.first_claimed_at, clock_timestamp()), lease_until = clock_timestamp() + lease, updated_at = clock_timestamp()
         FROM due WHERE s.notification_id = due.notification_id AND s.position = due.position AND s.status IN ('waiting', 'unknown')
           AND s.due_at <= statement_timestamp()
         RETURNING s.*;
     END LOOP;
   END $$`,

  // Milliseconds until something of these kinds is due, or a chain starts; zero or less where it is due, null where nothing is planned.
  `CREATE FUNCTION notifications_next_due(kinds text[]) RETURNS double precision LANGUAGE sql AS $$
   SELECT extract(epoch FROM least(
     (SELECT deliver_at FROM notifications WHERE status IN ('scheduled', 'snoozed') AND NOT account_disabled(user_id) ORDER BY deliver_at LIMIT 1),
     (SELECT min(s.due_at) FROM unnest(kinds) AS k CROSS JOIN LATERAL (SELECT due_at FROM notification_steps
       WHERE kind = k AND status IN ('waiting', 'unknown') AND NOT account_disabled(user_id) ORDER BY due_at LIMIT 1) AS s)) - clock_timestamp())::float * 1000 $$`,

  // Status 'waiting' comes with the time of the next attempt; 'deferred' likewise, and the attempt does not count; 'postponed' moves all later steps of the chain along, unless one of the same moment has done so.
  `CREATE OR REPLACE FUNCTION notifications_end_step(n uuid, p integer, c uuid, s text, provider text, code text, due timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE st text; step notification_steps;
   BEGIN
     SELECT status INTO st FROM notifications WHERE id = n FOR NO KEY UPDATE;
     SELECT * INTO step FROM notification_steps WHERE notification_id = n AND position = p AND claim = c AND status = 'sending' FOR UPDATE;
     IF NOT FOUND THEN RETURN false; END IF;
     IF s IN ('waiting', 'deferred', 'postponed') AND st <> 'escalating' THEN
       UPDATE notification_steps SET status = 'cancelled', claim = NULL, lease_until = NULL, updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
     ELSIF s = 'postponed' THEN
       UPDATE notification_steps SET status = 'waiting', attempts = attempts - 1, claim = NULL, lease_until = NULL,
         first_claimed_at = CASE WHEN attempts > 1 THEN first_claimed_at END WHERE notification_id = n AND position = p;
       UPDATE notification_steps SET due_at = due_at + (due - step.due_at) WHERE notification_id = n AND status = 'waiting' AND (position = p OR NOT EXISTS (
         SELECT FROM notification_steps o WHERE o.notification_id = n AND o.round = step.round AND o.position <> p AND o.status = 'waiting' AND o.due_at = due));
     ELSIF s IN ('waiting', 'deferred') THEN
       UPDATE notification_steps SET status = 'waiting', attempts = attempts - CASE s WHEN 'deferred' THEN 1 ELSE 0 END, due_at = due, claim = NULL, lease_until = NULL, error_code = code, updated_at = clock_timestamp()
         WHERE notification_id = n AND position = p;
     ELSE
       UPDATE notification_steps SET status = s, provider_id = coalesce(provider, provider_id), claim = NULL, lease_until = NULL, error_code = code,
         updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
       PERFORM notifications_settle(n);
     END IF;
     RETURN true;
   END $$`,

  // Outcomes as {index, id, position, claim, status, provider, code, until, delay_ms}; returns the indexes of those whose notification is locked.
  `CREATE FUNCTION notifications_end_steps(outcomes json) RETURNS SETOF integer LANGUAGE plpgsql AS $$
   DECLARE x record;
   BEGIN
     FOR x IN SELECT * FROM json_to_recordset(outcomes)
         AS o(index integer, id uuid, position integer, claim uuid, status text, provider text, code text, until timestamptz, delay_ms float)
         ORDER BY o.id, o.position LOOP
       PERFORM 1 FROM notifications WHERE id = x.id FOR NO KEY UPDATE SKIP LOCKED;
       IF NOT FOUND AND EXISTS (SELECT FROM notifications WHERE id = x.id) THEN
         RETURN NEXT x.index;
         CONTINUE;
       END IF;
       PERFORM notifications_end_step(x.id, x.position, x.claim, x.status, x.provider, x.code,
         coalesce(x.until, clock_timestamp() + make_interval(secs => x.delay_ms / 1000.0)));
     END LOOP;
   END $$`,

  // Steps of dead senders, and expired notifications.
  `CREATE FUNCTION notifications_reap() RETURNS void LANGUAGE plpgsql AS $$
   DECLARE x record;
   BEGIN
     IF NOT pg_try_advisory_xact_lock(7714, 1) THEN RETURN; END IF;
     FOR x IN SELECT notification_id AS id, position FROM notification_steps WHERE status = 'sending' AND lease_until < statement_timestamp() LIMIT 500 LOOP
       PERFORM 1 FROM notifications WHERE id = x.id FOR NO KEY UPDATE SKIP LOCKED;
       IF NOT FOUND THEN CONTINUE; END IF;
       UPDATE notification_steps s SET status = CASE n.status WHEN 'escalating' THEN 'unknown' ELSE 'cancelled' END, claim = NULL, lease_until = NULL, updated_at = clock_timestamp()
         FROM notifications n WHERE n.id = s.notification_id AND s.notification_id = x.id AND s.position = x.position AND s.status = 'sending'
           AND s.lease_until < clock_timestamp();
     END LOOP;
     PERFORM notifications_close(id, 'expired', NULL) FROM (
       SELECT id FROM notifications WHERE status IN ('scheduled', 'escalating', 'snoozed') AND expires_at < statement_timestamp() LIMIT 500
       FOR NO KEY UPDATE SKIP LOCKED) AS expired;
   END $$`,
];
