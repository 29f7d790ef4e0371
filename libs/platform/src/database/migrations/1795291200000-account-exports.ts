import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Exports of accounts. */
export class AccountExports1795291200000 implements MigrationInterface {
  readonly name = 'AccountExports1795291200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account_exports (
        id uuid CONSTRAINT account_exports_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT account_exports_user REFERENCES users (id) ON DELETE CASCADE,
        status text NOT NULL DEFAULT 'queued',
        key bytea,
        blob_key text,
        size_bytes bigint,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz
      )`);
    await runner.query('CREATE INDEX account_exports_of_user ON account_exports (user_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_exports');
  }
}
