import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1795240000000 implements MigrationInterface {
  readonly name = 'Accounts1795240000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid NOT NULL CONSTRAINT users_pk PRIMARY KEY,
        email_index bytea,
        email bytea,
        display_name bytea,
        password_hash text,
        role text NOT NULL DEFAULT 'user',
        created_at timestamptz NOT NULL DEFAULT now(),
        erased_at timestamptz
      );
      CREATE UNIQUE INDEX users_email_index ON users (email_index);

      CREATE TABLE user_keys (
        user_id uuid NOT NULL CONSTRAINT user_keys_pk PRIMARY KEY CONSTRAINT user_keys_user REFERENCES users (id) ON DELETE CASCADE,
        wrapped bytea NOT NULL
      );

      CREATE TABLE sessions (
        id uuid NOT NULL CONSTRAINT sessions_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sessions_user REFERENCES users (id) ON DELETE CASCADE,
        user_agent bytea,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz NOT NULL DEFAULT now(),
        ends_at timestamptz NOT NULL,
        revoked_at timestamptz
      );
      CREATE INDEX sessions_of_user ON sessions (user_id);

      CREATE TABLE refresh_tokens (
        hash bytea NOT NULL CONSTRAINT refresh_tokens_pk PRIMARY KEY,
        session_id uuid NOT NULL CONSTRAINT refresh_tokens_session REFERENCES sessions (id) ON DELETE CASCADE,
        parent bytea,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        spent_at timestamptz,
        closed boolean NOT NULL DEFAULT false
      );
      CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
      CREATE INDEX refresh_tokens_of_parent ON refresh_tokens (parent);

      CREATE TABLE known_addresses (
        user_id uuid NOT NULL CONSTRAINT known_addresses_user REFERENCES users (id) ON DELETE CASCADE,
        address bytea NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT known_addresses_pk PRIMARY KEY (user_id, address)
      );

      CREATE TABLE entitlements (
        user_id uuid NOT NULL CONSTRAINT entitlements_pk PRIMARY KEY,
        tier text NOT NULL,
        seats integer NOT NULL DEFAULT 1,
        updated_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE entitlements, known_addresses, refresh_tokens, sessions, user_keys, users');
  }
}
