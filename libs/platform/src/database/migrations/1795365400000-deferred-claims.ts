import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A step whose only attempt was deferred has sent nothing: its next claim is its first, later than those of calls that are made meanwhile. */
export class DeferredClaims1795365400000 implements MigrationInterface {
  readonly name = 'DeferredClaims1795365400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      endStep(`\n         first_claimed_at = CASE WHEN s = 'waiting' OR attempts > 1 THEN first_claimed_at END,`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(endStep(''));
  }
}

function endStep(firstClaim: string): string {
  return `CREATE OR REPLACE FUNCTION notifications_end_step(n uuid, p integer, c uuid, s text, provider text, code text, due timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
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
       UPDATE notification_steps SET status = 'waiting', attempts = attempts - CASE s WHEN 'deferred' THEN 1 ELSE 0 END, due_at = due, claim = NULL,${firstClaim}
         lease_until = NULL, error_code = code, updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
     ELSE
       UPDATE notification_steps SET status = s, provider_id = coalesce(provider, provider_id), claim = NULL, lease_until = NULL, error_code = code,
         updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
       PERFORM notifications_settle(n);
     END IF;
     RETURN true;
   END $$`;
}
