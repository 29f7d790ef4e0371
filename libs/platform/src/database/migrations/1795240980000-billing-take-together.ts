import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several of Stripe’s events in one journey and one commit; each stands alone. */
export class BillingTakeTogether1795240980000 implements MigrationInterface {
  readonly name = 'BillingTakeTogether1795240980000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TAKE_TOGETHER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION billing_take_together');
  }
}

/**
 * An outcome for each event, in their order: 'taken' or 'repeat', or where `billing_take` has changed nothing 'early', because what was seen
 * before has changed since, or 'held', because somebody else is at the same rows for long.
 */
const TAKE_TOGETHER = `
  CREATE FUNCTION billing_take_together(given jsonb) RETURNS text[] LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
  DECLARE
    one record;
    taken boolean;
    outcomes text[] := '{}';
  BEGIN
    FOR one IN SELECT * FROM jsonb_to_recordset(given) AS g (
      event text, type text, subscription text, customer text, "user" uuid, version integer, revision integer, claims jsonb, view jsonb,
      ended boolean, old_tier text, old_seats integer, new_tier text, new_seats integer, change uuid
    ) LOOP
      BEGIN
        taken := billing_take(one.event, one.type, one.subscription, one.customer, one."user", one.version, one.revision, one.claims,
          one.view, one.ended, one.old_tier, one.old_seats, one.new_tier, one.new_seats, one.change);
        outcomes := array_append(outcomes, CASE WHEN taken THEN 'taken' ELSE 'repeat' END);
      EXCEPTION
        WHEN SQLSTATE 'BL001' THEN outcomes := array_append(outcomes, 'early');
        WHEN lock_not_available OR deadlock_detected THEN outcomes := array_append(outcomes, 'held');
      END;
    END LOOP;
    RETURN outcomes;
  END $$`;
