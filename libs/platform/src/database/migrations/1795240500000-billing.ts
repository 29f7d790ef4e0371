import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Billing1795240500000 implements MigrationInterface {
  readonly name = 'Billing1795240500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stripe_events (
        id text NOT NULL CONSTRAINT stripe_events_pk PRIMARY KEY,
        type text NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX stripe_events_received ON stripe_events (received_at);

      CREATE TABLE stripe_customers (
        id text NOT NULL CONSTRAINT stripe_customers_pk PRIMARY KEY,
        user_id uuid,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX stripe_customers_of_user ON stripe_customers (user_id);

      CREATE TABLE subscriptions (
        id text NOT NULL CONSTRAINT subscriptions_pk PRIMARY KEY,
        user_id uuid,
        customer text,
        claims jsonb NOT NULL,
        view jsonb NOT NULL,
        ended boolean NOT NULL DEFAULT false,
        version integer NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX subscriptions_of_user ON subscriptions (user_id);
      CREATE INDEX subscriptions_of_customer ON subscriptions (customer);

      CREATE TABLE open_checkouts (
        user_id uuid NOT NULL CONSTRAINT open_checkouts_pk PRIMARY KEY,
        session text NOT NULL,
        opened_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE tier_changes (
        id uuid NOT NULL CONSTRAINT tier_changes_pk PRIMARY KEY,
        user_id uuid NOT NULL,
        from_tier text NOT NULL,
        from_seats integer NOT NULL,
        to_tier text NOT NULL,
        to_seats integer NOT NULL,
        cause text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX tier_changes_of_user ON tier_changes (user_id);

      CREATE TABLE billing_drifts (
        id uuid NOT NULL CONSTRAINT billing_drifts_pk PRIMARY KEY,
        kind text NOT NULL,
        subscription text,
        user_id uuid,
        ours text NOT NULL,
        theirs text NOT NULL,
        mended boolean NOT NULL,
        found_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX billing_drifts_of_user ON billing_drifts (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE billing_drifts, tier_changes, open_checkouts, subscriptions, stripe_customers, stripe_events',
    );
  }
}
