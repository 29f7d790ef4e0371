import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Installation1795251100000 implements MigrationInterface {
  readonly name = 'Installation1795251100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE installation (
        singleton boolean NOT NULL DEFAULT true CONSTRAINT installation_pk PRIMARY KEY
          CONSTRAINT installation_singleton CHECK (singleton),
        id uuid NOT NULL,
        marked boolean NOT NULL DEFAULT false,
        generation integer NOT NULL DEFAULT 0,
        epoch uuid NOT NULL,
        incarnation text NOT NULL,
        keys bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE installation');
  }
}
