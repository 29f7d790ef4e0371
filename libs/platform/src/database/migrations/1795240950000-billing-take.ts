import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TAKE } from './1795240500001-billing-functions';

/** `billing_take` without a notification, which made commits wait for each other; who has called it announces the change afterwards. */
export class BillingTake1795240950000 implements MigrationInterface {
  readonly name = 'BillingTake1795240950000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION billing_take');
    await runner.query(TAKE_QUIETLY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION billing_take');
    await runner.query(TAKE);
  }
}

/** Writes what follows from what \`billing_look\` told, all or nothing; see there for what it returns and raises. */
const TAKE_QUIETLY = `
  CREATE FUNCTION billing_take(
    an_event text, a_type text, a_subscription text, a_customer text, a_user uuid, seen_version integer, seen_revision integer,
    new_claims jsonb, new_view jsonb, is_ended boolean, old_tier text, old_seats integer, new_tier text, new_seats integer,
    change_id uuid
  ) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    mapped uuid;
  BEGIN
    INSERT INTO stripe_events (id, type) VALUES (an_event, a_type) ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
    IF a_customer IS NOT NULL THEN
      INSERT INTO stripe_customers AS known (id, user_id) VALUES (a_customer, a_user)
        ON CONFLICT (id) DO UPDATE SET user_id = COALESCE(known.user_id, excluded.user_id) RETURNING user_id INTO mapped;
      IF a_user IS NULL AND mapped IS NOT NULL THEN RAISE EXCEPTION 'seen too early' USING ERRCODE = 'BL001'; END IF;
      IF a_user IS NOT NULL THEN
        PERFORM 1 FROM subscriptions WHERE customer = a_customer AND user_id IS NULL AND id <> a_subscription;
        IF FOUND THEN RAISE EXCEPTION 'seen too early' USING ERRCODE = 'BL001'; END IF;
      END IF;
    END IF;
    IF seen_version IS NULL THEN
      INSERT INTO subscriptions (id, user_id, customer, claims, view, ended, version)
        VALUES (a_subscription, a_user, a_customer, new_claims, new_view, is_ended, 1) ON CONFLICT (id) DO NOTHING;
    ELSE
      UPDATE subscriptions SET user_id = COALESCE(user_id, a_user), customer = COALESCE(customer, a_customer), claims = new_claims,
        view = new_view, ended = is_ended, version = version + 1, updated_at = now() WHERE id = a_subscription AND version = seen_version;
    END IF;
    IF NOT FOUND THEN RAISE EXCEPTION 'seen too early' USING ERRCODE = 'BL001'; END IF;
    IF a_user IS NULL THEN RETURN true; END IF;
    IF seen_revision IS NULL THEN
      INSERT INTO entitlements (user_id, tier, seats) VALUES (a_user, new_tier, new_seats) ON CONFLICT (user_id) DO NOTHING;
    ELSE
      UPDATE entitlements SET tier = new_tier, seats = new_seats, revision = revision + 1, updated_at = now()
        WHERE user_id = a_user AND revision = seen_revision;
    END IF;
    IF NOT FOUND THEN RAISE EXCEPTION 'seen too early' USING ERRCODE = 'BL001'; END IF;
    IF change_id IS NOT NULL THEN
      INSERT INTO tier_changes (id, user_id, from_tier, from_seats, to_tier, to_seats, cause)
        VALUES (change_id, a_user, old_tier, old_seats, new_tier, new_seats, an_event);
    END IF;
    RETURN true;
  END $$`;
