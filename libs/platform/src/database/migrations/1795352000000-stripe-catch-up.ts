import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to when Stripe's list of events was read, and which customers Stripe has deleted. */
export class StripeCatchUp1795352000000 implements MigrationInterface {
  readonly name = 'StripeCatchUp1795352000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stripe_catch_up (
        singleton boolean NOT NULL DEFAULT true,
        caught_up_to timestamptz NOT NULL,
        CONSTRAINT stripe_catch_up_pk PRIMARY KEY (singleton)
      );
      ALTER TABLE stripe_customers ADD COLUMN deleted_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stripe_catch_up; ALTER TABLE stripe_customers DROP COLUMN deleted_at');
  }
}
