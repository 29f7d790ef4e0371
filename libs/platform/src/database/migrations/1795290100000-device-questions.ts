import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One process after the other asks devices what a step waits for, and a question is kept no longer than until it is answered. */
export class DeviceQuestions1795290100000 implements MigrationInterface {
  readonly name = 'DeviceQuestions1795290100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run_steps ADD COLUMN asked_by uuid, ADD COLUMN asked_until timestamptz');
    await runner.query(waitStep('question = asked, asked_by = NULL, asked_until = NULL'));
    await runner.query(wake('answer = given, question = NULL'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(wake('answer = given'));
    await runner.query(waitStep('question = asked'));
    await runner.query('ALTER TABLE run_steps DROP COLUMN asked_until, DROP COLUMN asked_by');
  }
}

function waitStep(question: string): string {
  return `
  CREATE OR REPLACE FUNCTION runs_wait_step(r uuid, n integer, a integer, me integer, w text, until timestamptz, asked bytea, kept bytea,
    max_running integer, max_steps integer) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE u uuid;
  BEGIN
    SELECT user_id INTO u FROM runs WHERE id = r AND status NOT IN ('completed', 'cancelled') FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE run_steps SET status = 'waiting', waiting_for = w, wait_until = until, ${question}, answer = NULL, journal = kept, owner = NULL, lease_until = NULL
      WHERE run_id = r AND node = n AND attempt = a AND owner = me AND status = 'running';
    IF NOT FOUND THEN RETURN false; END IF;
    IF until IS NOT NULL THEN PERFORM runs_enqueue(r, n, until); END IF;
    PERFORM runs_settle(r, max_running);
    PERFORM runs_release(u, max_steps);
    IF w = 'device' THEN
      PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.question', 'data',
        json_build_object('user_id', u, 'run_id', r, 'node', n)))::text);
    END IF;
    RETURN true;
  END $$`;
}

function wake(answer: string): string {
  return `
  CREATE OR REPLACE FUNCTION runs_wake(r uuid, n integer, given bytea, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE u uuid; st text; keyless boolean;
  BEGIN
    SELECT user_id, status, custody = 'device' AND key_worker IS NULL INTO u, st, keyless FROM runs WHERE id = r AND status IN ('running', 'waiting') FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE run_steps SET status = 'blocked', waiting_for = NULL, ${answer} WHERE run_id = r AND node = n AND status = 'waiting'
      AND (waiting_for <> 'time' OR wait_until <= clock_timestamp());
    IF NOT FOUND THEN RETURN false; END IF;
    IF st = 'running' THEN
      PERFORM runs_ready(r);
    ELSIF NOT keyless THEN
      UPDATE runs SET status = 'queued', waiting_for = NULL WHERE id = r;
      PERFORM runs_event(r, 'run.status', NULL, 'queued');
      PERFORM runs_admit(u, max_running);
    END IF;
    RETURN true;
  END $$`;
}
