import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A step that nothing was tried for waits again: the attempt does not count, and later steps keep their times. */
export class DeferredSteps1795300000002 implements MigrationInterface {
  readonly name = 'DeferredSteps1795300000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(END_STEP);
  }

  async down(): Promise<void> {
    // The function still does what it did before; only no process asks it to defer a step.
  }
}

// Status 'waiting' comes with the time of the next attempt; 'postponed' moves all later steps of the chain along.
const END_STEP = `CREATE OR REPLACE FUNCTION notifications_end_step(n uuid, p integer, c uuid, s text, provider text, code text, due timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE st text; step notification_steps; x record; shift interval;
   BEGIN
     SELECT status INTO st FROM notifications WHERE id = n FOR NO KEY UPDATE;
     SELECT * INTO step FROM notification_steps WHERE notification_id = n AND position = p AND claim = c AND status = 'sending' FOR UPDATE;
     IF NOT FOUND THEN RETURN false; END IF;
     IF s IN ('waiting', 'deferred', 'postponed') AND st <> 'escalating' THEN
       UPDATE notification_steps SET status = 'cancelled', claim = NULL, lease_until = NULL, updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
     ELSIF s = 'postponed' THEN
       shift := due - step.due_at;
       UPDATE notification_steps SET status = 'waiting', attempts = attempts - 1, claim = NULL, lease_until = NULL,
         first_claimed_at = CASE WHEN attempts > 1 THEN first_claimed_at END WHERE notification_id = n AND position = p;
       FOR x IN UPDATE notification_steps SET due_at = due_at + shift WHERE notification_id = n AND status = 'waiting' RETURNING position, kind, due_at LOOP
         PERFORM notifications_enqueue_step(n, x.position, x.kind, x.due_at);
       END LOOP;
     ELSIF s IN ('waiting', 'deferred') THEN
       UPDATE notification_steps SET status = 'waiting', attempts = attempts - CASE s WHEN 'deferred' THEN 1 ELSE 0 END, due_at = due, claim = NULL, lease_until = NULL, error_code = code, updated_at = clock_timestamp()
         WHERE notification_id = n AND position = p;
       PERFORM notifications_enqueue_step(n, p, step.kind, due);
     ELSE
       UPDATE notification_steps SET status = s, provider_id = coalesce(provider, provider_id), claim = NULL, lease_until = NULL, error_code = code,
         updated_at = clock_timestamp() WHERE notification_id = n AND position = p;
       PERFORM notifications_settle(n);
     END IF;
     RETURN true;
   END $$`;
