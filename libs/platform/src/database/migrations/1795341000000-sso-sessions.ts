import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which team's provider opened a session, and since when the record that proved a domain is gone. */
export class SsoSessions1795341000000 implements MigrationInterface {
  readonly name = 'SsoSessions1795341000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN sso_team_id uuid');
    await runner.query('ALTER TABLE sso_domains ADD COLUMN missing_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sso_domains DROP COLUMN missing_since');
    await runner.query('ALTER TABLE sessions DROP COLUMN sso_team_id');
  }
}
