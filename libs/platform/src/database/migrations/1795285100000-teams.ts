import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Teams with members and invites, and the seats of team subscriptions. */
export class Teams1795285100000 implements MigrationInterface {
  readonly name = 'Teams1795285100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE team_seats (
        user_id uuid CONSTRAINT team_seats_pk PRIMARY KEY CONSTRAINT team_seats_user REFERENCES users (id) ON DELETE CASCADE,
        owner_id uuid NOT NULL CONSTRAINT team_seats_owner REFERENCES users (id) ON DELETE CASCADE,
        taken_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query('CREATE INDEX team_seats_of_owner ON team_seats (owner_id, taken_at)');
    await runner.query(`
      CREATE TABLE teams (
        id uuid CONSTRAINT teams_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT teams_owner_user REFERENCES users (id) ON DELETE CASCADE,
        name bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE UNIQUE INDEX teams_owner ON teams (user_id)');
    await runner.query(`
      CREATE TABLE team_members (
        user_id uuid CONSTRAINT team_members_pk PRIMARY KEY CONSTRAINT team_members_user REFERENCES users (id) ON DELETE CASCADE,
        team_id uuid NOT NULL CONSTRAINT team_members_team REFERENCES teams (id) ON DELETE CASCADE,
        role text NOT NULL,
        joined_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX team_members_of_team ON team_members (team_id, joined_at)');
    await runner.query(`
      CREATE TABLE team_invites (
        id uuid CONSTRAINT team_invites_pk PRIMARY KEY,
        team_id uuid NOT NULL CONSTRAINT team_invites_team REFERENCES teams (id) ON DELETE CASCADE,
        hash bytea NOT NULL,
        email bytea NOT NULL,
        role text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE UNIQUE INDEX team_invites_hash ON team_invites (hash)');
    await runner.query('CREATE INDEX team_invites_of_team ON team_invites (team_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['team_invites', 'team_members', 'teams', 'team_seats'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
