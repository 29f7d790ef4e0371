import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Steps of a user that start at the same moment are counted one after the other, so that they never exceed the limit. The lock is the last one
 * that the transaction takes, after the row of the step, so that its holder waits for no other.
 */
export class CountedSteps1795365200000 implements MigrationInterface {
  readonly name = 'CountedSteps1795365200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      beginStep(`
     PERFORM 1 FROM run_steps WHERE run_id = r AND node = n AND status = 'ready' FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN; END IF;
     PERFORM pg_advisory_xact_lock(7720, hashtext(u::text));`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(beginStep(''));
  }
}

function beginStep(lock: string): string {
  return `CREATE OR REPLACE FUNCTION runs_begin_step(r uuid, n integer, me integer, lease interval, max_steps integer) RETURNS SETOF run_steps LANGUAGE plpgsql AS $$
   DECLARE u uuid; k integer; s run_steps;
   BEGIN
     SELECT user_id INTO u FROM runs WHERE id = r AND status = 'running' FOR NO KEY UPDATE;
     IF NOT FOUND THEN RETURN; END IF;${lock}
     SELECT count(*) INTO k FROM run_steps WHERE user_id = u AND status = 'running';
     IF k >= max_steps OR account_disabled(u) THEN
       UPDATE run_steps SET throttled = true WHERE run_id = r AND node = n AND status = 'ready';
       RETURN;
     END IF;
     UPDATE run_steps SET status = 'running', attempt = attempt + 1, owner = me, lease_until = now() + lease, throttled = false,
       started_at = coalesce(started_at, clock_timestamp())
       WHERE run_id = r AND node = n AND status = 'ready' RETURNING * INTO s;
     IF NOT FOUND THEN RETURN; END IF;
     PERFORM runs_event(r, 'step.started', n, s.attempt::text);
     RETURN NEXT s;
   END $$`;
}
