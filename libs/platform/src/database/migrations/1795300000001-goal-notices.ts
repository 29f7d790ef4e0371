import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GoalNotices1795300000001 implements MigrationInterface {
  readonly name = 'GoalNotices1795300000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVENT.replace('/* notice */', NOTICE));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(EVENT.replace('/* notice */', ''));
  }
}

/** In the transaction that changes the status of a run. A connected device answers within moments, so its question waits a minute. */
const NOTICE = `
       IF d IN ('completed', 'failed', 'waiting') AND waits IS DISTINCT FROM 'time' AND EXISTS (SELECT FROM goals WHERE id = g AND notify) THEN
         PERFORM graphile_worker.add_job('notify_goal', json_build_object('userId', u, 'goalId', g, 'runId', r, 'status', d, 'event', s),
           job_key := 'notify-goal:' || u || ':' || r || ':' || d, run_at := CASE WHEN d = 'waiting' AND waits = 'device' THEN now() + interval '1 minute' END);
       END IF;`;

const EVENT = `CREATE OR REPLACE FUNCTION runs_event(r uuid, event text, n integer, d text) RETURNS void LANGUAGE plpgsql AS $$
   DECLARE s integer; u uuid; g uuid; waits text;
   BEGIN
     UPDATE runs SET last_event = last_event + 1 WHERE id = r RETURNING last_event, user_id, goal_id, CASE WHEN d = 'waiting' THEN waiting_for END INTO s, u, g, waits;
     INSERT INTO run_events (run_id, seq, kind, node, detail) VALUES (r, s, event, n, d);
     PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.event', 'data', json_build_object('run_id', r)))::text);
     IF event = 'run.status' THEN
       PERFORM pg_notify('adiuva_signals', json_build_array(json_build_object('topic', 'run.status', 'data',
         json_build_object('user_id', u, 'run_id', r, 'status', d)))::text);/* notice */
     END IF;
   END $$`;
