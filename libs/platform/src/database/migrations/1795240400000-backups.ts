import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Backups1795240400000 implements MigrationInterface {
  readonly name = 'Backups1795240400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE backups (
        id uuid NOT NULL CONSTRAINT backups_pk PRIMARY KEY,
        user_id uuid NOT NULL,
        object_key text NOT NULL,
        size_bytes bigint NOT NULL,
        checksum text NOT NULL,
        version text NOT NULL,
        client_time bigint NOT NULL,
        chunk_count integer NOT NULL,
        block_size bigint,
        block_checksums bytea,
        created_at timestamptz NOT NULL,
        purge_at timestamptz,
        restored_at timestamptz,
        scrubbed_at timestamptz,
        damaged_at timestamptz
      );
      CREATE INDEX backups_of_user ON backups (user_id, created_at);
      CREATE INDEX backups_to_purge ON backups (purge_at) WHERE purge_at IS NOT NULL;
      CREATE INDEX backups_to_scrub ON backups (scrubbed_at);

      CREATE TABLE backup_vaults (
        user_id uuid NOT NULL CONSTRAINT backup_vaults_pk PRIMARY KEY,
        keep_last integer NOT NULL DEFAULT 0,
        keep_daily integer NOT NULL DEFAULT 0,
        keep_weekly integer NOT NULL DEFAULT 0,
        keep_monthly integer NOT NULL DEFAULT 0,
        changed_at timestamptz NOT NULL
      );

      CREATE TABLE backup_uploads (
        id uuid NOT NULL CONSTRAINT backup_uploads_pk PRIMARY KEY,
        user_id uuid NOT NULL,
        state text NOT NULL,
        version text NOT NULL,
        client_time bigint NOT NULL,
        checksum text NOT NULL,
        size_bytes bigint NOT NULL,
        reserved_bytes bigint NOT NULL,
        chunk_size integer NOT NULL,
        first_number smallint,
        object_key text NOT NULL,
        parts_id text,
        holder uuid,
        lease_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX backup_uploads_of_user ON backup_uploads (user_id);
      CREATE INDEX backup_uploads_by_end ON backup_uploads (expires_at);

      CREATE TABLE backup_chunks (
        upload_id uuid NOT NULL CONSTRAINT backup_chunks_upload REFERENCES backup_uploads (id) ON DELETE CASCADE,
        number integer NOT NULL,
        checksum text NOT NULL,
        size_bytes bigint NOT NULL,
        tag text NOT NULL,
        CONSTRAINT backup_chunks_pk PRIMARY KEY (upload_id, number)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backup_chunks, backup_uploads, backup_vaults, backups');
  }
}
