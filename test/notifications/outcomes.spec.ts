import { NotificationWorker } from '@adiuva/notifications';
import { Database } from '@adiuva/platform';
import { eventually, TestApp } from '../support/app';
import { TestPushService } from '../support/fakes/push-service';
import { StepStore, type ClaimedStep } from '../../libs/notifications/src/delivery/step.store';
import { notify, stateOf, withBrowser } from './helpers';

let app: TestApp;
let push: TestPushService;
beforeAll(async () => {
  push = await TestPushService.start();
  app = await TestApp.start(push.settings);
});
afterAll(async () => {
  await app.stop();
  await push.stop();
});

const store = () => app.nest.get(StepStore, { strict: false });
const query = <R>(sql: string, values: readonly unknown[] = []) => app.nest.get(Database).query<R>(sql, values);
/** A notification whose steps are due, and the names of its browsers. */
async function due(browsers: number, policy = [{ channel: 'web_push', after_s: 0 }]) {
  const user = await app.user();
  const names: string[] = [];
  while (names.length < browsers) names.push(await withBrowser(app, push, user));
  return { user, names, id: await notify(app, user, { policy }) };
}
const claimed = async (id: string) =>
  (await store().claim({ web_push: 10 })).filter((step: ClaimedStep) => step.notification_id === id);

describe('quiet hours', () => {
  it('postpone all steps of one moment to their end, and later steps once', async () => {
    const { id } = await due(2, [
      { channel: 'web_push', after_s: 0 },
      { channel: 'web_push', after_s: 3_600 },
    ]);
    const steps = await claimed(id);
    expect(steps).toHaveLength(2);
    const until = new Date(Date.now() + 8 * 3_600_000);
    for (const step of steps) await store().end(step, { status: 'postponed', until });
    const rows = await query<{ s: number }>(
      'SELECT round(extract(epoch FROM due_at - $2::timestamptz))::integer AS s FROM notification_steps WHERE notification_id = $1 ORDER BY position',
      [id, until],
    );
    expect(rows.map(({ s }) => s)).toEqual([0, 0, 3_600, 3_600]);
  });
});

describe('a notification that another transaction has locked', () => {
  it('does not delay the outcomes of others, and has its own once it is free', async () => {
    const [locked, free] = [await due(1), await due(1)];
    const steps = await store().claim({ web_push: 10 });
    const end = async ({ id }: { id: string }) => {
      const step = steps.find(({ notification_id }) => notification_id === id);
      if (!step) throw new Error('the step was not claimed');
      await store().end(step, { status: 'sent' });
    };
    const status = async ({ user, id }: typeof locked) => (await stateOf(app, user, id)).steps[0]?.status;
    let late: Promise<void> | undefined;
    await app.nest.get(Database).transaction(async (tx) => {
      await tx.query('SELECT FROM notifications WHERE id = $1 FOR UPDATE', [locked.id]);
      late = end(locked);
      await end(free);
      expect([await status(locked), await status(free)]).toEqual(['sending', 'sent']);
    });
    await late;
    expect(await status(locked)).toBe('sent');
  });

  it('has no outcome after it is erased', async () => {
    const { id } = await due(1);
    const [step] = await claimed(id);
    if (!step) throw new Error('the step was not claimed');
    let late: Promise<void> | undefined;
    await app.nest.get(Database).transaction(async (tx) => {
      await tx.query('DELETE FROM notifications WHERE id = $1', [id]);
      late = store().end(step, { status: 'sent' });
    });
    await late;
    expect(await query('SELECT FROM notification_steps WHERE notification_id = $1', [id])).toHaveLength(0);
  });
});

describe('the worker', () => {
  /** In this database: copies of the template have the same ids of tables. */
  const BLOCKED = `SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE datname = current_database() AND NOT granted AND relation = $1::regclass`;

  /** Starts the worker, and runs `meanwhile` while its first round waits for the lock of `table`. */
  async function startedBehind(table: string, meanwhile: () => Promise<void>): Promise<void> {
    await app.nest.get(Database).transaction(async (tx) => {
      await tx.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      app.startNotifications();
      await eventually(async () => (await query(BLOCKED, [table])).length > 0);
      await meanwhile();
    });
  }

  it('that is stopped while it claims sends nothing more, and the attempt does not count', async () => {
    const { user, id, names } = await due(2);
    let stopped: Promise<void> | undefined;
    await startedBehind('notification_channels', () => {
      stopped = app.nest.get(NotificationWorker).stop();
      return Promise.resolve();
    });
    await stopped;
    const { steps } = await stateOf(app, user, id);
    expect(steps.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['waiting', 0],
      ['waiting', 0],
    ]);
    expect(names.flatMap((name) => push.of(name))).toEqual([]);
  });

  it('does not send what is acknowledged between its claim and its turn', async () => {
    const { user, id, names } = await due(1);
    await startedBehind('user_keys', async () => {
      await app.call('post', `/notifications/${id}/ack`, user).expect(200);
    });
    await eventually(async () => (await stateOf(app, user, id)).steps[0]?.status === 'cancelled');
    await app.nest.get(NotificationWorker).stop();
    expect(names.flatMap((name) => push.of(name))).toEqual([]);
  });
});
