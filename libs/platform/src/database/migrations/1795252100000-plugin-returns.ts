import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refunds and disputes of a payment as one state, and whether a refund removed the installation, so that a won dispute restores both. */
export class PluginReturns1795252100000 implements MigrationInterface {
  readonly name = 'PluginReturns1795252100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE plugin_returns ADD COLUMN state jsonb;
      UPDATE plugin_returns SET state = jsonb_build_object(
        'refunded', jsonb_build_object('at', 0, 'cents', refunded_cents),
        'failedRefunds', '{}'::jsonb,
        'disputes', CASE WHEN disputed
          THEN '{"unknown": {"at": 0, "precedence": 0, "withdrawn": true, "cents": 99999999}}'::jsonb ELSE '{}'::jsonb END);
      ALTER TABLE plugin_returns ALTER COLUMN state SET NOT NULL, DROP COLUMN refunded_cents, DROP COLUMN disputed;
      ALTER TABLE plugin_returns RENAME COLUMN told_at TO updated_at;
      ALTER TABLE plugin_purchases ADD COLUMN uninstalled boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE plugin_purchases DROP COLUMN uninstalled;
      ALTER TABLE plugin_returns RENAME COLUMN updated_at TO told_at;
      ALTER TABLE plugin_returns ADD COLUMN refunded_cents integer NOT NULL DEFAULT 0, ADD COLUMN disputed boolean NOT NULL DEFAULT false;
      ALTER TABLE plugin_returns DROP COLUMN state;
    `);
  }
}
