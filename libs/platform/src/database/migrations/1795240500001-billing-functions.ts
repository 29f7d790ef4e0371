import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a subscription's event needs to know, and what it changes, as two functions: one journey to the database each and plans that are kept,
 * where single statements took eight journeys. Which state follows from which event is not decided here.
 */
export class BillingFunctions1795240500001 implements MigrationInterface {
  readonly name = 'BillingFunctions1795240500001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE entitlements ADD COLUMN revision integer NOT NULL DEFAULT 0');
    await runner.query(LOOK);
    await runner.query(TAKE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION billing_take; DROP FUNCTION billing_look');
    await runner.query('ALTER TABLE entitlements DROP COLUMN revision');
  }
}

/** Null for an event that was taken before. An owner must be an account that is not being erased. */
const LOOK = `
  CREATE FUNCTION billing_look(an_event text, a_subscription text, a_customer text, a_user uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
  DECLARE
    held record;
    entitled record;
    owner uuid;
    others jsonb;
  BEGIN
    IF EXISTS (SELECT 1 FROM stripe_events WHERE id = an_event) THEN RETURN NULL; END IF;
    SELECT user_id, claims, version INTO held FROM subscriptions WHERE id = a_subscription;
    owner := held.user_id;
    IF owner IS NULL AND a_user IS NOT NULL THEN
      SELECT id INTO owner FROM users WHERE id = a_user AND erased_at IS NULL;
    END IF;
    IF owner IS NULL AND a_customer IS NOT NULL THEN
      SELECT user_id INTO owner FROM stripe_customers WHERE id = a_customer;
    END IF;
    SELECT tier, seats, revision INTO entitled FROM entitlements WHERE user_id = owner;
    SELECT COALESCE(jsonb_agg(view), '[]') INTO others FROM subscriptions
      WHERE user_id = owner AND NOT ended AND view ? 'status' AND id <> a_subscription;
    RETURN jsonb_build_object('userId', owner, 'heldBy', held.user_id, 'claims', held.claims, 'version', held.version, 'tier', entitled.tier, 'seats', entitled.seats,
      'revision', entitled.revision, 'others', others, 'now', extract(epoch FROM clock_timestamp()));
  END $$`;

/**
 * Writes what follows from what \`billing_look\` told, all or nothing. False for an event that was taken meanwhile. Raises BL001 when anything
 * that the decision rests on has changed since. Locks customer, subscription and entitlement in this order.
 */
export const TAKE = `
  CREATE FUNCTION billing_take(
    an_event text, a_type text, a_subscription text, a_customer text, a_user uuid, seen_version integer, seen_revision integer,
    new_claims jsonb, new_view jsonb, is_ended boolean, old_tier text, old_seats integer, new_tier text, new_seats integer,
    change_id uuid, a_channel text, a_notice text
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
      PERFORM pg_notify(a_channel, a_notice);
    END IF;
    RETURN true;
  END $$`;
