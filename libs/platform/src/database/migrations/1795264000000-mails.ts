import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Mails1795264000000 implements MigrationInterface {
  readonly name = 'Mails1795264000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mails (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        content bytea NOT NULL,
        lease_until timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT mails_pk PRIMARY KEY (id)
      );
      CREATE INDEX mails_user ON mails (user_id, id);
      CREATE INDEX mails_lease ON mails (lease_until);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mails');
  }
}
