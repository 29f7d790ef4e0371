import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run that failed and is resumed asks the devices again what its steps wait for: while it had failed no device was asked. */
export class AskedAgain1795364100000 implements MigrationInterface {
  readonly name = 'AskedAgain1795364100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(admit(ASK));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(admit(''));
  }
}

const ASK = `
        PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.question', 'data',
            json_build_object('user_id', u, 'run_id', x.id, 'node', node)))::text)
          FROM run_steps WHERE run_id = x.id AND status = 'waiting' AND waiting_for = 'device' AND question IS NOT NULL;`;

function admit(ask: string): string {
  return `CREATE OR REPLACE FUNCTION runs_admit(u uuid, max_running integer) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE x record; running integer; streams integer;
  BEGIN
    IF account_disabled(u) THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(7713, hashtext(u::text));
    SELECT count(*) INTO running FROM runs WHERE user_id = u AND status = 'running';
    IF running >= max_running THEN RETURN; END IF;
    SELECT count(*) INTO streams FROM chat_streams WHERE user_id = u AND alive_until > clock_timestamp();
    FOR x IN SELECT id, max_concurrent FROM runs WHERE user_id = u AND status = 'queued' ORDER BY created_at, id LIMIT max_running - running
        FOR NO KEY UPDATE SKIP LOCKED LOOP
      IF running + streams >= x.max_concurrent THEN
        UPDATE runs SET held = streams > 0 WHERE id = x.id AND held <> (streams > 0);
        EXIT;
      END IF;
      UPDATE runs SET status = 'running', waiting_for = NULL, held = false, started_at = coalesce(started_at, clock_timestamp())
        WHERE id = x.id AND status = 'queued';
      IF FOUND THEN
        running := running + 1;
        PERFORM runs_event(x.id, 'run.status', NULL, 'running');
        PERFORM runs_ready(x.id);
        PERFORM runs_settle(x.id, max_running);${ask}
      END IF;
    END LOOP;
  END $$`;
}
