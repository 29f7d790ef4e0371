import type { MigrationInterface, QueryRunner } from 'typeorm';

/** WebAuthn credentials of users, and the challenges that were answered. */
export class Passkeys1795285000000 implements MigrationInterface {
  readonly name = 'Passkeys1795285000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE passkeys (
        id uuid CONSTRAINT passkeys_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT passkeys_user REFERENCES users (id) ON DELETE CASCADE,
        credential_id text NOT NULL,
        public_key bytea NOT NULL,
        counter bigint NOT NULL,
        transports text NOT NULL,
        backed_up boolean NOT NULL,
        name bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz
      )`);
    await runner.query('CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id)');
    await runner.query('CREATE INDEX passkeys_of_user ON passkeys (user_id)');
    await runner.query(`
      CREATE TABLE spent_passkey_challenges (
        hash bytea CONSTRAINT spent_passkey_challenges_pk PRIMARY KEY,
        expires_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE spent_passkey_challenges');
    await runner.query('DROP TABLE passkeys');
  }
}
