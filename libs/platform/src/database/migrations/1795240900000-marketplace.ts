import type { MigrationInterface, QueryRunner } from 'typeorm';

const PLUGINS = `
  CREATE TABLE plugin_developers (
    id uuid NOT NULL CONSTRAINT plugin_developers_pk PRIMARY KEY,
    user_id uuid,
    account_id text,
    payouts_enabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE UNIQUE INDEX plugin_developers_user ON plugin_developers (user_id);
  CREATE UNIQUE INDEX plugin_developers_account ON plugin_developers (account_id);

  CREATE TABLE plugins (
    id uuid NOT NULL CONSTRAINT plugins_pk PRIMARY KEY,
    developer_id uuid NOT NULL CONSTRAINT plugins_developer REFERENCES plugin_developers (id),
    state text NOT NULL,
    version text,
    name text NOT NULL,
    skeleton text NOT NULL,
    author text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    permissions jsonb NOT NULL,
    price_cents integer NOT NULL,
    search tsvector NOT NULL,
    install_count integer NOT NULL DEFAULT 0,
    rating_count integer NOT NULL DEFAULT 0,
    rating_sum integer NOT NULL DEFAULT 0,
    rating_average double precision NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    CONSTRAINT plugins_counters CHECK (LEAST(install_count, rating_count, rating_sum) >= 0)
  );
  CREATE INDEX plugins_of_developer ON plugins (developer_id);
  CREATE INDEX plugins_by_skeleton ON plugins (skeleton);
  CREATE INDEX plugins_search ON plugins USING gin (search) WITH (fastupdate = off);
  CREATE INDEX plugins_by_rating ON plugins (rating_average DESC, rating_count DESC, id DESC) WHERE state = 'listed';
  CREATE INDEX plugins_by_installs ON plugins (install_count DESC, id DESC) WHERE state = 'listed';
  CREATE INDEX plugins_by_newest ON plugins (published_at DESC, id DESC) WHERE state = 'listed';
  CREATE INDEX plugins_by_category ON plugins (lower(category)) WHERE state = 'listed';

  -- Words as they stand, for what is typed letter by letter, and their stems, for whole words.
  CREATE FUNCTION plugin_search_document() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.search :=
      setweight(to_tsvector('simple', NEW.name) || to_tsvector('english', NEW.name), 'A') ||
      setweight(to_tsvector('simple', NEW.author || ' ' || NEW.category), 'B') ||
      setweight(to_tsvector('simple', NEW.description) || to_tsvector('english', NEW.description), 'C');
    RETURN NEW;
  END $$;
  CREATE TRIGGER plugin_search BEFORE INSERT OR UPDATE OF name, author, category, description ON plugins
    FOR EACH ROW EXECUTE FUNCTION plugin_search_document();

  CREATE TABLE plugin_versions (
    id uuid NOT NULL CONSTRAINT plugin_versions_pk PRIMARY KEY,
    plugin_id uuid NOT NULL CONSTRAINT plugin_versions_plugin REFERENCES plugins (id) ON DELETE CASCADE,
    version text NOT NULL,
    manifest jsonb NOT NULL,
    blob_key text NOT NULL,
    checksum text NOT NULL,
    size_bytes integer NOT NULL,
    state text NOT NULL,
    findings jsonb NOT NULL,
    signature bytea,
    key_id text,
    submitted_at timestamptz NOT NULL DEFAULT now(),
    claimed_by uuid,
    claimed_at timestamptz,
    decided_by uuid,
    decided_at timestamptz,
    notes bytea
  );
  CREATE INDEX plugin_versions_of_plugin ON plugin_versions (plugin_id);
  CREATE UNIQUE INDEX plugin_versions_number ON plugin_versions (plugin_id, version) WHERE state <> 'rejected';
  CREATE INDEX plugin_versions_queue ON plugin_versions (submitted_at, id) WHERE state IN ('pending_review', 'in_review');
`;

const CUSTOMERS = `
  CREATE TABLE plugin_installs (
    user_id uuid NOT NULL,
    plugin_id uuid NOT NULL CONSTRAINT plugin_installs_plugin REFERENCES plugins (id) ON DELETE CASCADE,
    version text NOT NULL,
    installed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plugin_installs_pk PRIMARY KEY (user_id, plugin_id)
  );
  CREATE INDEX plugin_installs_of_plugin ON plugin_installs (plugin_id);

  CREATE TABLE plugin_ratings (
    user_id uuid NOT NULL,
    plugin_id uuid NOT NULL CONSTRAINT plugin_ratings_plugin REFERENCES plugins (id) ON DELETE CASCADE,
    stars smallint NOT NULL CONSTRAINT plugin_ratings_stars CHECK (stars BETWEEN 1 AND 5),
    text bytea,
    rated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plugin_ratings_pk PRIMARY KEY (user_id, plugin_id)
  );
  CREATE INDEX plugin_ratings_of_plugin ON plugin_ratings (plugin_id);
`;

const MONEY = `
  CREATE TABLE plugin_purchases (
    id uuid NOT NULL CONSTRAINT plugin_purchases_pk PRIMARY KEY,
    user_id uuid,
    plugin_id uuid NOT NULL,
    developer_id uuid NOT NULL CONSTRAINT plugin_purchases_developer REFERENCES plugin_developers (id),
    version text NOT NULL,
    price_cents integer NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL DEFAULT 1,
    busy_until timestamptz,
    payment_id text,
    page_id text,
    page_url text,
    page_ends_at timestamptz,
    returned_cents integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plugin_purchases_returned CHECK (returned_cents BETWEEN 0 AND price_cents)
  );
  CREATE UNIQUE INDEX plugin_purchases_open ON plugin_purchases (user_id, plugin_id)
    WHERE state IN ('intended', 'awaiting_payment', 'paid');
  CREATE INDEX plugin_purchases_payment ON plugin_purchases (payment_id);

  CREATE TABLE plugin_payouts (
    id uuid NOT NULL CONSTRAINT plugin_payouts_pk PRIMARY KEY,
    developer_id uuid NOT NULL CONSTRAINT plugin_payouts_developer REFERENCES plugin_developers (id),
    period text NOT NULL,
    amount_cents integer NOT NULL CONSTRAINT plugin_payouts_positive CHECK (amount_cents > 0),
    state text NOT NULL,
    attempt integer NOT NULL DEFAULT 1,
    transfer_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    paid_at timestamptz
  );
  CREATE UNIQUE INDEX plugin_payouts_once ON plugin_payouts (developer_id, period);

  CREATE TABLE plugin_revenue (
    id uuid NOT NULL CONSTRAINT plugin_revenue_pk PRIMARY KEY,
    developer_id uuid NOT NULL,
    plugin_id uuid NOT NULL,
    purchase_id uuid NOT NULL CONSTRAINT plugin_revenue_purchase REFERENCES plugin_purchases (id),
    kind text NOT NULL,
    gross_cents integer NOT NULL,
    developer_cents integer NOT NULL,
    platform_cents integer NOT NULL,
    payout_id uuid CONSTRAINT plugin_revenue_payout REFERENCES plugin_payouts (id),
    occurred_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plugin_revenue_adds_up CHECK (developer_cents + platform_cents = gross_cents)
  );
  CREATE UNIQUE INDEX plugin_revenue_one_sale ON plugin_revenue (purchase_id) WHERE kind = 'sale';
  CREATE INDEX plugin_revenue_unpaid ON plugin_revenue (developer_id) WHERE payout_id IS NULL;
  CREATE INDEX plugin_revenue_by_time ON plugin_revenue (developer_id, occurred_at);
  CREATE INDEX plugin_revenue_of_payout ON plugin_revenue (payout_id);

  CREATE TABLE plugin_returns (
    payment_id text NOT NULL CONSTRAINT plugin_returns_pk PRIMARY KEY,
    refunded_cents integer NOT NULL,
    disputed boolean NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE admin_actions (
    id uuid NOT NULL CONSTRAINT admin_actions_pk PRIMARY KEY,
    admin_id uuid NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    details jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX admin_actions_of_subject ON admin_actions (subject);
`;

export class Marketplace1795240900000 implements MigrationInterface {
  readonly name = 'Marketplace1795240900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PLUGINS + CUSTOMERS + MONEY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE admin_actions, plugin_returns, plugin_revenue, plugin_payouts, plugin_purchases, plugin_ratings, plugin_installs',
    );
    await runner.query('DROP TABLE plugin_versions, plugins, plugin_developers');
    await runner.query('DROP FUNCTION plugin_search_document()');
  }
}
