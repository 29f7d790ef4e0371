import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Chat1795240600000 implements MigrationInterface {
  readonly name = 'Chat1795240600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE token_usage (
        user_id uuid NOT NULL,
        month date NOT NULL,
        tokens bigint NOT NULL,
        CONSTRAINT token_usage_pk PRIMARY KEY (user_id, month)
      );
      CREATE TABLE spent_continuations (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT spent_continuations_pk PRIMARY KEY (id)
      );
      CREATE INDEX spent_continuations_user ON spent_continuations (user_id);
      CREATE INDEX spent_continuations_expires ON spent_continuations (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE spent_continuations; DROP TABLE token_usage');
  }
}
