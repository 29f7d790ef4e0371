import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sums of telemetry, and who has agreed to send it. */
export class Telemetry1795291300000 implements MigrationInterface {
  readonly name = 'Telemetry1795291300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE telemetry_counts (
        day date NOT NULL,
        name text NOT NULL,
        property text NOT NULL,
        value text NOT NULL,
        count bigint NOT NULL,
        sum double precision NOT NULL,
        CONSTRAINT telemetry_counts_pk PRIMARY KEY (day, name, property, value)
      )`);
    await runner.query(`
      CREATE TABLE telemetry_consents (
        user_id uuid CONSTRAINT telemetry_consents_pk PRIMARY KEY
          CONSTRAINT telemetry_consents_user REFERENCES users (id) ON DELETE CASCADE,
        given_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE telemetry_consents');
    await runner.query('DROP TABLE telemetry_counts');
  }
}
