import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has sent an invite, so that it ends with the right to invite; null for those from before. */
export class Inviters1795363000000 implements MigrationInterface {
  readonly name = 'Inviters1795363000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE team_invites
       ADD COLUMN inviter_id uuid CONSTRAINT team_invites_inviter REFERENCES users (id) ON DELETE CASCADE`,
    );
    await runner.query('CREATE INDEX team_invites_of_inviter ON team_invites (inviter_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE team_invites DROP COLUMN inviter_id');
  }
}
