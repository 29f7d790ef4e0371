import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sealed tombstone of the client beside a deletion in the change feed. */
export class Tombstones1795251000000 implements MigrationInterface {
  readonly name = 'Tombstones1795251000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE record_changes ADD COLUMN tombstone bytea');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE record_changes DROP COLUMN tombstone');
  }
}
