import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run that waits for a device already is announced again when its key is gone: a device that is connected lends it then. */
export class DroppedKeys1795363600000 implements MigrationInterface {
  readonly name = 'DroppedKeys1795363600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(dropKey(`'queued', 'running', 'waiting'`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropKey(`'queued', 'running'`));
  }
}

function dropKey(announced: string): string {
  return `CREATE OR REPLACE FUNCTION runs_drop_key(r uuid) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE st text;
   BEGIN
     SELECT status INTO st FROM runs WHERE id = r;
     PERFORM graphile_worker.remove_job(r || ':' || node) FROM run_steps WHERE run_id = r AND status = 'ready';
     UPDATE run_steps SET status = 'blocked' WHERE run_id = r AND status = 'ready';
     UPDATE runs SET key_worker = NULL, wrapped_key = NULL, status = CASE WHEN status IN ('queued', 'running') THEN 'waiting' ELSE status END,
       waiting_for = CASE WHEN status IN ('queued', 'running') THEN 'device' ELSE waiting_for END WHERE id = r;
     IF st IN (${announced}) THEN PERFORM runs_event(r, 'run.status', NULL, 'waiting'); END IF;
   END $$`;
}
