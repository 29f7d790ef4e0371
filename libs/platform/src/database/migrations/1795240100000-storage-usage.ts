import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StorageUsage1795240100000 implements MigrationInterface {
  readonly name = 'StorageUsage1795240100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE storage_usage (
        user_id uuid NOT NULL CONSTRAINT storage_usage_pk PRIMARY KEY,
        position bigint NOT NULL,
        records_made bigint NOT NULL DEFAULT 0,
        records_bytes bigint NOT NULL DEFAULT 0,
        records_count bigint NOT NULL DEFAULT 0,
        vectors_made bigint NOT NULL DEFAULT 0,
        vectors_bytes bigint NOT NULL DEFAULT 0,
        vectors_count bigint NOT NULL DEFAULT 0,
        backups_made bigint NOT NULL DEFAULT 0,
        backups_bytes bigint NOT NULL DEFAULT 0,
        backups_count bigint NOT NULL DEFAULT 0,
        backups_reserved bigint NOT NULL DEFAULT 0,
        CONSTRAINT storage_usage_positive CHECK (
          LEAST(records_bytes, records_count, vectors_bytes, vectors_count, backups_bytes, backups_count, backups_reserved) >= 0
        )
      ) WITH (fillfactor = 50);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE storage_usage');
  }
}
