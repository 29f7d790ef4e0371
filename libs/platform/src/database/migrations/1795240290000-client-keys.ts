import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ClientKeys1795240290000 implements MigrationInterface {
  readonly name = 'ClientKeys1795240290000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE keyrings (
        user_id uuid NOT NULL CONSTRAINT keyrings_pk PRIMARY KEY CONSTRAINT keyrings_user REFERENCES users (id) ON DELETE CASCADE,
        keyring bytea NOT NULL,
        version integer NOT NULL DEFAULT 1,
        updated_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE devices (
        id uuid NOT NULL CONSTRAINT devices_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT devices_user REFERENCES users (id) ON DELETE CASCADE,
        name bytea NOT NULL,
        public_key bytea NOT NULL,
        signature bytea,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX devices_public_key ON devices (user_id, public_key);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE devices, keyrings');
  }
}
