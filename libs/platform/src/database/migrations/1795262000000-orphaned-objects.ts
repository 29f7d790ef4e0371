import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OrphanedObjects1795262000000 implements MigrationInterface {
  readonly name = 'OrphanedObjects1795262000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orphaned_objects (
        object_key text NOT NULL CONSTRAINT orphaned_objects_pk PRIMARY KEY,
        kind text NOT NULL,
        found_at timestamptz NOT NULL DEFAULT now(),
        seen_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX orphaned_objects_by_age ON orphaned_objects (kind, found_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE orphaned_objects');
  }
}
