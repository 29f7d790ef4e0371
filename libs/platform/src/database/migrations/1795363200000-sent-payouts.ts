import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the transfer of a payout was requested: until its outcome is certain, the payout is not released. */
export class SentPayouts1795363200000 implements MigrationInterface {
  readonly name = 'SentPayouts1795363200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE plugin_payouts ADD COLUMN sent_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE plugin_payouts DROP COLUMN sent_at');
  }
}
