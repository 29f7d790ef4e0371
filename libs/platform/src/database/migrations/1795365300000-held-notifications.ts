import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is due of a disabled account is held: it leaves the indexes of what is due, so that no round looks at it, and comes back when the account
 * is enabled.
 */
export class HeldNotifications1795365300000 implements MigrationInterface {
  readonly name = 'HeldNotifications1795365300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notifications ADD COLUMN held boolean NOT NULL DEFAULT false;
      ALTER TABLE notification_steps ADD COLUMN held boolean NOT NULL DEFAULT false;
      CREATE INDEX notifications_held ON notifications (user_id) WHERE held;
      CREATE INDEX notification_steps_held ON notification_steps (user_id) WHERE held;
    `);
    await runner.query(indexes(' AND NOT held'));
    for (const text of [HOLD, RELEASE, ...functions(true)]) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const text of functions(false)) await runner.query(text);
    await runner.query(`
      DROP FUNCTION notifications_release; DROP FUNCTION notifications_hold;
      DROP INDEX notifications_held; DROP INDEX notification_steps_held;
    `);
    await runner.query(indexes(''));
    await runner.query(`
      ALTER TABLE notification_steps DROP COLUMN held;
      ALTER TABLE notifications DROP COLUMN held;
    `);
  }
}

function indexes(unlessHeld: string): string {
  return `
      DROP INDEX notifications_due; DROP INDEX notification_steps_due;
      CREATE INDEX notifications_due ON notifications (deliver_at) WHERE status IN ('scheduled', 'snoozed')${unlessHeld};
      CREATE INDEX notification_steps_due ON notification_steps (kind, due_at) WHERE status IN ('waiting', 'unknown')${unlessHeld};
    `;
}

/** The lock of the account's row makes an administrator who enables it wait, so that the release sees all that is held. */
const HOLD = `CREATE FUNCTION notifications_hold() RETURNS void LANGUAGE sql AS $$
   UPDATE notifications SET held = true WHERE id IN (
     SELECT n.id FROM notifications n JOIN users u ON u.id = n.user_id
     WHERE n.status IN ('scheduled', 'snoozed') AND NOT n.held AND n.deliver_at <= statement_timestamp() AND u.disabled_at IS NOT NULL
     LIMIT 500 FOR NO KEY UPDATE OF n SKIP LOCKED FOR SHARE OF u SKIP LOCKED);
   UPDATE notification_steps SET held = true WHERE (notification_id, position) IN (
     SELECT s.notification_id, s.position FROM unnest(ARRAY['web_push', 'whatsapp', 'voice', 'email']) AS k
     JOIN notification_steps s ON s.kind = k JOIN notifications n ON n.id = s.notification_id JOIN users u ON u.id = s.user_id
     WHERE s.status IN ('waiting', 'unknown') AND NOT s.held AND s.due_at <= statement_timestamp() AND u.disabled_at IS NOT NULL
     LIMIT 500 FOR NO KEY UPDATE OF n SKIP LOCKED FOR SHARE OF u SKIP LOCKED);
   $$`;

const RELEASE = `CREATE FUNCTION notifications_release(u uuid) RETURNS void LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM 1 FROM notifications WHERE user_id = u AND (held OR id IN (SELECT notification_id FROM notification_steps WHERE user_id = u AND held))
       ORDER BY id FOR NO KEY UPDATE;
     UPDATE notifications SET held = false WHERE user_id = u AND held;
     UPDATE notification_steps SET held = false WHERE user_id = u AND held;
   END $$`;

/** As before, without what is held. */
function functions(holds: boolean): readonly string[] {
  const unless = (held: string): string => (holds ? ` AND NOT ${held}` : '');
  return [
    `CREATE OR REPLACE FUNCTION notifications_claim_steps(slots json, lease interval) RETURNS SETOF notification_steps LANGUAGE plpgsql AS $$
   DECLARE x record;
   BEGIN
     FOR x IN SELECT key AS kind, value::integer AS free FROM json_each_text(slots) LOOP
       RETURN QUERY WITH due AS MATERIALIZED (
           SELECT s.notification_id, s.position FROM notification_steps s JOIN notifications n ON n.id = s.notification_id
           WHERE s.kind = x.kind AND s.status IN ('waiting', 'unknown')${unless('s.held')} AND s.due_at <= statement_timestamp()
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

    `CREATE OR REPLACE FUNCTION notifications_next_due(kinds text[]) RETURNS double precision LANGUAGE sql AS $$
   SELECT extract(epoch FROM least(
     (SELECT deliver_at FROM notifications WHERE status IN ('scheduled', 'snoozed')${unless('held')} AND NOT account_disabled(user_id) ORDER BY deliver_at LIMIT 1),
     (SELECT min(s.due_at) FROM unnest(kinds) AS k CROSS JOIN LATERAL (SELECT due_at FROM notification_steps
       WHERE kind = k AND status IN ('waiting', 'unknown')${unless('held')} AND NOT account_disabled(user_id) ORDER BY due_at LIMIT 1) AS s)) - clock_timestamp())::float * 1000 $$`,

    `CREATE OR REPLACE FUNCTION notifications_reap() RETURNS void LANGUAGE plpgsql AS $$
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
       FOR NO KEY UPDATE SKIP LOCKED) AS expired;${holds ? '\n     PERFORM notifications_hold();' : ''}
   END $$`,
  ];
}
