import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A continuation whose answer was lost with its process may be used again. */
export class ContinuationLeases1795290200000 implements MigrationInterface {
  readonly name = 'ContinuationLeases1795290200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE spent_continuations ADD COLUMN lease_until timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE spent_continuations DROP COLUMN lease_until');
  }
}
