import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims of calls to one number become visible in the order of their times, so that of two that are concurrent the later one sees the earlier. */
export class CallClaims1795361000000 implements MigrationInterface {
  readonly name = 'CallClaims1795361000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(beginStep(LOCK_NUMBER));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(beginStep(''));
  }
}

const LOCK_NUMBER = `PERFORM pg_advisory_xact_lock(7719, hashtext(encode(c.address_hash, 'hex'))) FROM notification_steps s
       JOIN notification_channels c ON c.id = s.channel_id WHERE s.notification_id = n AND s.position = p AND s.kind = 'voice';`;

const beginStep = (lock: string): string =>
  `CREATE OR REPLACE FUNCTION notifications_begin_step(n uuid, p integer, lease interval) RETURNS SETOF notification_steps LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM 1 FROM notifications WHERE id = n AND status = 'escalating' AND (expires_at IS NULL OR expires_at > clock_timestamp()) AND NOT account_disabled(user_id) FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN; END IF;
     ${lock}
     RETURN QUERY UPDATE notification_steps SET status = 'sending', attempts = attempts + 1, claim = gen_random_uuid(),
         first_claimed_at = coalesce(first_claimed_at, clock_timestamp()), lease_until = clock_timestamp() + lease, updated_at = clock_timestamp()
       WHERE notification_id = n AND position = p AND status IN ('waiting', 'unknown') AND due_at <= clock_timestamp() RETURNING *;
   END $$`;
