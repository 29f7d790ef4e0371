import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often an operator has unlocked an account: part of the key under which wrong passwords are counted. */
export class AccountUnlocks1795351000000 implements MigrationInterface {
  readonly name = 'AccountUnlocks1795351000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN unlocks integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN unlocks');
  }
}
