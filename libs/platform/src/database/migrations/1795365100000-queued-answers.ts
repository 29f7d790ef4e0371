import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run that one answer has queued takes the answers of its other steps while it waits for its turn. */
export class QueuedAnswers1795365100000 implements MigrationInterface {
  readonly name = 'QueuedAnswers1795365100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      wake(
        `'queued', 'running', 'waiting'`,
        `
      IF st = 'waiting' THEN
        UPDATE runs SET status = 'queued', waiting_for = NULL WHERE id = r;
        PERFORM runs_event(r, 'run.status', NULL, 'queued');
      END IF;`,
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      wake(
        `'running', 'waiting'`,
        `
      UPDATE runs SET status = 'queued', waiting_for = NULL WHERE id = r;
      PERFORM runs_event(r, 'run.status', NULL, 'queued');`,
      ),
    );
  }
}

function wake(statuses: string, queue: string): string {
  return `
  CREATE OR REPLACE FUNCTION runs_wake(r uuid, n integer, given bytea, max_running integer) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE u uuid; st text; keyless boolean;
  BEGIN
    SELECT user_id, status, custody = 'device' AND key_worker IS NULL INTO u, st, keyless FROM runs WHERE id = r AND status IN (${statuses}) FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE run_steps SET status = 'blocked', waiting_for = NULL, answer = given, question = NULL WHERE run_id = r AND node = n AND status = 'waiting'
      AND (waiting_for <> 'time' OR wait_until <= clock_timestamp());
    IF NOT FOUND THEN RETURN false; END IF;
    IF st = 'running' THEN
      PERFORM runs_ready(r);
    ELSIF NOT keyless THEN${queue}
      PERFORM runs_admit(u, max_running);
    END IF;
    RETURN true;
  END $$`;
}
