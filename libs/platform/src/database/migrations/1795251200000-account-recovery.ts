import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The public half of the key pair that the recovery words give, and when they were last used. */
export class AccountRecovery1795251200000 implements MigrationInterface {
  readonly name = 'AccountRecovery1795251200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN recovery_key bytea, ADD COLUMN recovered_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN recovery_key, DROP COLUMN recovered_at');
  }
}
