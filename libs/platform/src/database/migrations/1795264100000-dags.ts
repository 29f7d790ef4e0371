import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Dags1795264100000 implements MigrationInterface {
  readonly name = 'Dags1795264100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dags (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        status text NOT NULL,
        title bytea NOT NULL,
        nodes bytea NOT NULL,
        params bytea NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT dags_pk PRIMARY KEY (id),
        CONSTRAINT dags_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE INDEX dags_user ON dags (user_id, id);
      ALTER TABLE run_steps ADD COLUMN key bytea;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run_steps DROP COLUMN key; DROP TABLE dags');
  }
}
