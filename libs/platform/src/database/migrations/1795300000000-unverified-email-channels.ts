import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Channels of account addresses that no mail link has confirmed wait for a code, as those of other addresses do. */
export class UnverifiedEmailChannels1795300000000 implements MigrationInterface {
  readonly name = 'UnverifiedEmailChannels1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE notification_channels c SET status = 'pending' FROM users u
      WHERE u.id = c.user_id AND u.email_verified_at IS NULL AND c.kind = 'email' AND c.status = 'active'
    `);
  }

  async down(): Promise<void> {
    // Which channels were active is not known; their owners verify them.
  }
}
