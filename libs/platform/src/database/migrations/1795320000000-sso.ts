import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Single sign-on: the provider and domains of a team, linked accounts, and codes for the app. */
export class Sso1795320000000 implements MigrationInterface {
  readonly name = 'Sso1795320000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sso_connections (
        team_id uuid CONSTRAINT sso_connections_pk PRIMARY KEY CONSTRAINT sso_connections_team REFERENCES teams (id) ON DELETE CASCADE,
        settings bytea NOT NULL,
        enforce boolean NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE sso_domains (
        team_id uuid CONSTRAINT sso_domains_connection REFERENCES sso_connections (team_id) ON DELETE CASCADE,
        domain_index bytea,
        domain bytea NOT NULL,
        proved_at timestamptz,
        CONSTRAINT sso_domains_pk PRIMARY KEY (team_id, domain_index)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX sso_domains_proved ON sso_domains (domain_index) WHERE proved_at IS NOT NULL',
    );
    await runner.query(`
      CREATE TABLE sso_identities (
        team_id uuid CONSTRAINT sso_identities_connection REFERENCES sso_connections (team_id) ON DELETE CASCADE,
        subject bytea,
        user_id uuid NOT NULL CONSTRAINT sso_identities_account REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT sso_identities_pk PRIMARY KEY (team_id, subject)
      )`);
    await runner.query('CREATE UNIQUE INDEX sso_identities_user ON sso_identities (team_id, user_id)');
    await runner.query('CREATE INDEX sso_identities_of_user ON sso_identities (user_id)');
    await runner.query(`
      CREATE TABLE sso_codes (
        hash bytea CONSTRAINT sso_codes_pk PRIMARY KEY,
        team_id uuid NOT NULL CONSTRAINT sso_codes_connection REFERENCES sso_connections (team_id) ON DELETE CASCADE,
        user_id uuid NOT NULL CONSTRAINT sso_codes_account REFERENCES users (id) ON DELETE CASCADE,
        challenge bytea NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX sso_codes_of_user ON sso_codes (user_id)');
    await runner.query(`
      CREATE TABLE spent_sso_states (
        hash bytea CONSTRAINT spent_sso_states_pk PRIMARY KEY,
        expires_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['spent_sso_states', 'sso_codes', 'sso_identities', 'sso_domains', 'sso_connections'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
