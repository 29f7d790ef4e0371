import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is old enough to be deleted is found without a look at all. */
export class OldNotifications1795364800000 implements MigrationInterface {
  readonly name = 'OldNotifications1795364800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX notifications_old ON notifications (greatest(created_at, deliver_at)) WHERE status NOT IN ('scheduled', 'snoozed', 'escalating')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX notifications_old');
  }
}
