import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls, messages and mails of a day are counted for each user. */
export class PaidSteps1795364700000 implements MigrationInterface {
  readonly name = 'PaidSteps1795364700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX notification_steps_paid ON notification_steps (user_id, kind, first_claimed_at)
       WHERE kind <> 'web_push' AND (provider_id IS NOT NULL OR status IN ('sent', 'delivered'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX notification_steps_paid');
  }
}
