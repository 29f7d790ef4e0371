import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that are mailed to users, and what a confirmed or changed address needs. */
export class AccountTokens1795265100000 implements MigrationInterface {
  readonly name = 'AccountTokens1795265100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN email_verified_at timestamptz, ADD COLUMN login_salt bytea');
    await runner.query(`
      CREATE TABLE account_tokens (
        hash bytea CONSTRAINT account_tokens_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT account_tokens_user REFERENCES users (id) ON DELETE CASCADE,
        purpose text NOT NULL,
        email bytea,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE UNIQUE INDEX account_tokens_purpose ON account_tokens (user_id, purpose)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_tokens');
    await runner.query('ALTER TABLE users DROP COLUMN email_verified_at, DROP COLUMN login_salt');
  }
}
