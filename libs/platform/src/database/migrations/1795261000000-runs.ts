import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Runs1795261000000 implements MigrationInterface {
  readonly name = 'Runs1795261000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE runs (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        kind text NOT NULL,
        status text NOT NULL,
        waiting_for text,
        trigger text NOT NULL,
        goal_id uuid,
        dag_id uuid,
        dag_version integer,
        schedule_id uuid,
        slot timestamptz,
        forked_from uuid,
        custody text NOT NULL,
        input bytea,
        output bytea,
        output_sealed boolean NOT NULL DEFAULT false,
        pending_actions uuid[] NOT NULL DEFAULT '{}',
        error_code text,
        error_step uuid,
        attempt integer NOT NULL DEFAULT 1,
        input_tokens bigint NOT NULL DEFAULT 0,
        output_tokens bigint NOT NULL DEFAULT 0,
        last_event integer NOT NULL DEFAULT 0,
        open_steps integer NOT NULL,
        total_steps integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        started_at timestamptz,
        ended_at timestamptz,
        CONSTRAINT runs_pk PRIMARY KEY (id),
        CONSTRAINT runs_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      ) WITH (fillfactor = 70);
      CREATE UNIQUE INDEX runs_slot ON runs (schedule_id, slot);
      CREATE INDEX runs_user ON runs (user_id, id);
      CREATE INDEX runs_goal ON runs (goal_id, id);
      CREATE INDEX runs_dag ON runs (dag_id, id);
      CREATE INDEX runs_queued ON runs (user_id, created_at, id) WHERE status = 'queued';
      CREATE INDEX runs_running ON runs (user_id) WHERE status = 'running';
      CREATE INDEX runs_waiting ON runs (user_id) WHERE status = 'waiting';
      CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;

      CREATE TABLE run_steps (
        run_id uuid NOT NULL,
        node integer NOT NULL,
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        kind text NOT NULL,
        status text NOT NULL,
        missing integer NOT NULL,
        depends_on integer[] NOT NULL,
        dependents integer[] NOT NULL,
        continues boolean NOT NULL DEFAULT false,
        throttled boolean NOT NULL DEFAULT false,
        attempt integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        owner integer,
        lease_until timestamptz,
        waiting_for text,
        wait_until timestamptz,
        name bytea NOT NULL,
        body bytea,
        input bytea,
        output bytea,
        journal bytea,
        question bytea,
        answer bytea,
        error_code text,
        ready_at timestamptz,
        started_at timestamptz,
        ended_at timestamptz,
        CONSTRAINT run_steps_pk PRIMARY KEY (run_id, node),
        CONSTRAINT run_steps_run FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      ) WITH (fillfactor = 70);
      CREATE INDEX run_steps_running ON run_steps (owner) WHERE status = 'running';
      CREATE INDEX run_steps_of_user ON run_steps (user_id) WHERE status = 'running';
      CREATE INDEX run_steps_ready ON run_steps (ready_at) WHERE status = 'ready';
      CREATE INDEX run_steps_throttled ON run_steps (user_id) WHERE throttled;

      CREATE TABLE run_events (
        run_id uuid NOT NULL,
        seq integer NOT NULL,
        kind text NOT NULL,
        node integer,
        detail text,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT run_events_pk PRIMARY KEY (run_id, seq),
        CONSTRAINT run_events_run FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );

      CREATE TABLE run_workers (
        id SERIAL NOT NULL,
        job_workers text[] NOT NULL DEFAULT '{}',
        started_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT run_workers_pk PRIMARY KEY (id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE run_workers; DROP TABLE run_events; DROP TABLE run_steps; DROP TABLE runs;
    `);
  }
}
