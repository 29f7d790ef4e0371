import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Goals1795263000000 implements MigrationInterface {
  readonly name = 'Goals1795263000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE goals (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        status text NOT NULL,
        missed text NOT NULL,
        notify boolean NOT NULL,
        agent text,
        title bytea NOT NULL,
        instructions bytea NOT NULL,
        input bytea NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT goals_pk PRIMARY KEY (id),
        CONSTRAINT goals_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE INDEX goals_user ON goals (user_id, id);
      CREATE TABLE schedules (
        id uuid NOT NULL,
        goal_id uuid NOT NULL,
        user_id uuid NOT NULL,
        kind text NOT NULL,
        expression text NOT NULL,
        timezone text NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz,
        next_run_at timestamptz,
        CONSTRAINT schedules_pk PRIMARY KEY (id),
        CONSTRAINT schedules_of_goal FOREIGN KEY (goal_id) REFERENCES goals (id) ON DELETE CASCADE
      );
      CREATE INDEX schedules_goal ON schedules (goal_id);
      CREATE INDEX schedules_due ON schedules (next_run_at) WHERE enabled;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE schedules; DROP TABLE goals');
  }
}
