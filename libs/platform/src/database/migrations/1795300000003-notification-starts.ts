import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The start of a chain is one compare-and-swap, in one round trip. */
export class NotificationStarts1795300000003 implements MigrationInterface {
  readonly name = 'NotificationStarts1795300000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(START_CHAIN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION notifications_start_chain');
  }
}

// The steps of another round are planned for round r. None at all: the notification is in the inbox alone.
const START_CHAIN = `CREATE FUNCTION notifications_start_chain(n uuid, r integer, steps json) RETURNS boolean LANGUAGE plpgsql AS $$
   DECLARE u uuid; x record; first integer; k integer := 0;
   BEGIN
     UPDATE notifications SET status = 'escalating', round = round + 1
       WHERE id = n AND round = r AND status IN ('scheduled', 'snoozed') AND deliver_at <= clock_timestamp() RETURNING user_id INTO u;
     IF NOT FOUND THEN RETURN false; END IF;
     SELECT count(*) INTO first FROM notification_steps WHERE notification_id = n;
     FOR x IN INSERT INTO notification_steps (notification_id, position, round, user_id, channel_id, kind, status, due_at)
         SELECT n, first + step.index, r + 1, u, step.channel, step.kind, 'waiting', step.due
         FROM json_to_recordset(steps) AS step (index integer, channel uuid, kind text, due timestamptz) RETURNING position, kind, due_at LOOP
       PERFORM notifications_enqueue_step(n, x.position, x.kind, x.due_at);
       k := k + 1;
     END LOOP;
     IF k = 0 THEN PERFORM notifications_settle(n); END IF;
     RETURN true;
   END $$`;
