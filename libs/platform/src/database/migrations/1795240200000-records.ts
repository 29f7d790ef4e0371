import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Records1795240200000 implements MigrationInterface {
  readonly name = 'Records1795240200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE records (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        table_name text NOT NULL,
        version integer NOT NULL,
        checksum bytea NOT NULL,
        size_bytes bigint NOT NULL,
        object_key text,
        ordinal bigint NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        deleted_at timestamptz,
        CONSTRAINT records_pk PRIMARY KEY (user_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX records_of_table ON records (user_id, table_name, ordinal) WHERE deleted_at IS NULL;
      CREATE INDEX records_of_user ON records (user_id, ordinal) WHERE deleted_at IS NULL;
      CREATE INDEX records_deleted ON records (deleted_at) WHERE deleted_at IS NOT NULL;

      CREATE TABLE record_changes (
        user_id uuid NOT NULL,
        position bigint NOT NULL,
        record_id uuid NOT NULL,
        table_name text NOT NULL,
        version integer NOT NULL,
        checksum bytea,
        changed_at timestamptz NOT NULL,
        CONSTRAINT record_changes_pk PRIMARY KEY (user_id, position)
      );
      CREATE INDEX record_changes_of_table ON record_changes (user_id, table_name, position);
      CREATE INDEX record_changes_by_age ON record_changes (changed_at);

      CREATE TABLE record_feeds (
        user_id uuid NOT NULL CONSTRAINT record_feeds_pk PRIMARY KEY,
        floor bigint NOT NULL
      );

      CREATE TABLE record_buckets (
        user_id uuid NOT NULL,
        table_name text NOT NULL,
        bucket bigint NOT NULL,
        live integer NOT NULL,
        CONSTRAINT record_buckets_pk PRIMARY KEY (user_id, table_name, bucket)
      ) WITH (fillfactor = 50);

      CREATE TABLE released_objects (
        object_key text NOT NULL CONSTRAINT released_objects_pk PRIMARY KEY,
        released_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX released_objects_by_age ON released_objects (released_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE released_objects, record_buckets, record_feeds, record_changes, records');
  }
}
