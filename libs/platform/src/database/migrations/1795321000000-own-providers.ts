import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of providers of language models that users have brought. */
export class OwnProviders1795321000000 implements MigrationInterface {
  readonly name = 'OwnProviders1795321000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE own_providers (
        user_id uuid CONSTRAINT own_providers_user REFERENCES users (id) ON DELETE CASCADE,
        name text,
        settings bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT own_providers_pk PRIMARY KEY (user_id, name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE own_providers');
  }
}
