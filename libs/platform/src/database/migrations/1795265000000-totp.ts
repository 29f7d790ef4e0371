import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The second factor of a sign-in: the secret of the authenticator app, and codes that replace it. */
export class Totp1795265000000 implements MigrationInterface {
  readonly name = 'Totp1795265000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE totp_secrets (
        user_id uuid CONSTRAINT totp_secrets_pk PRIMARY KEY CONSTRAINT totp_secrets_user REFERENCES users (id) ON DELETE CASCADE,
        secret bytea NOT NULL,
        confirmed_at timestamptz,
        last_step integer NOT NULL DEFAULT 0
      )`);
    await runner.query(`
      CREATE TABLE totp_recovery_codes (
        user_id uuid NOT NULL CONSTRAINT totp_recovery_codes_user REFERENCES users (id) ON DELETE CASCADE,
        hash bytea NOT NULL,
        CONSTRAINT totp_recovery_codes_pk PRIMARY KEY (user_id, hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE totp_recovery_codes');
    await runner.query('DROP TABLE totp_secrets');
  }
}
