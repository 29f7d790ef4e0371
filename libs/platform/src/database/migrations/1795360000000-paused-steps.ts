import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Takes the steps that are executed for a disabled account from their workers; they continue from their journals when it is enabled. */
export class PausedSteps1795360000000 implements MigrationInterface {
  readonly name = 'PausedSteps1795360000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PAUSE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION runs_pause');
  }
}

/** The account may have been enabled again meanwhile. */
const PAUSE = `CREATE FUNCTION runs_pause(u uuid) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE r record;
  BEGIN
    IF NOT account_disabled(u) THEN RETURN; END IF;
    FOR r IN SELECT id, status, custody FROM runs
        WHERE user_id = u AND id IN (SELECT run_id FROM run_steps WHERE user_id = u AND status = 'running') ORDER BY id FOR NO KEY UPDATE LOOP
      UPDATE run_steps SET owner = NULL, lease_until = NULL, ready_at = now(), throttled = r.status = 'running' AND r.custody = 'server',
        status = CASE WHEN r.status = 'running' AND r.custody = 'server' THEN 'ready' ELSE 'blocked' END
        WHERE run_id = r.id AND status = 'running';
      IF r.custody = 'device' THEN PERFORM runs_drop_key(r.id); END IF;
      PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.paused', 'data', json_build_object('run_id', r.id)))::text);
    END LOOP;
  END $$`;
