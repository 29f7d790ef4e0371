import { randomBytes } from 'node:crypto';
import { Database, Metrics, openWith, sealWith } from '@adiuva/platform';
import { RunWorker } from '@adiuva/runs';
import { eventually, TestApp, type TestUser } from '../support/app';
import { findPlaintext } from '../support/plaintext-search';

const TEXT = { title: 'Quarterly figures', instructions: 'add a task: send the quarterly figures' };

describe('a goal with custody of a device', () => {
  let app: TestApp;
  let second: TestApp;
  let third: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    second = await TestApp.start({}, app);
    third = await TestApp.start({}, app);
    await second.startRuns();
  });
  afterAll(async () => {
    await third.stop();
    await second.stop();
    await app.stop();
  });

  const places = async () => ({
    databaseUrl: app.database.url,
    folders: [app.dataDir],
    texts: { log: [...app.log, ...second.log].join('\n'), metrics: await app.nest.get(Metrics).text() },
    redisUrl: process.env['TEST_REDIS_URL'],
  });

  const encrypt = (user: TestUser, key: Buffer, member: string, text: string) => ({
    ciphertext: sealWith(key, Buffer.from(text), `adiuva/goal/1|${user.id}|${member}`).toString('base64'),
  });

  const contentOf = (user: TestUser, key: Buffer, input: object = { tasks: [] }) => ({
    title: encrypt(user, key, 'title', TEXT.title),
    instructions: encrypt(user, key, 'instructions', TEXT.instructions),
    input: encrypt(user, key, 'input', JSON.stringify(input)),
    custody: 'device',
  });

  const create = async (user: TestUser, fields: object) =>
    (await app.call('post', '/goals', user).send(fields).expect(201)).body;

  const start = async (user: TestUser, goalId: string): Promise<string> =>
    (await app.call('post', `/goals/${goalId}/run`, user).send({}).expect(202)).body.run_id;

  const runOf = async (user: TestUser, id: string) => (await app.call('get', `/runs/${id}`, user).expect(200)).body;

  const until = (user: TestUser, id: string, status: string) =>
    eventually(async () => (await runOf(user, id)).status === status);

  const lend = (user: TestUser, id: string, key: Buffer) =>
    app.call('post', `/runs/${id}/key`, user).send({ key: key.toString('base64') });

  it('comes back as it was encrypted, and its run waits for the key and gives a result that only the key opens', async () => {
    const [user, key] = [await app.user('pro'), randomBytes(32)];
    const content = contentOf(user, key);
    const goal = await create(user, content);
    expect(goal).toMatchObject(content);
    const id = await start(user, goal.id);
    expect(await runOf(user, id)).toMatchObject({ status: 'waiting', waiting_for: 'device', custody: 'device' });
    await lend(await app.user('pro'), id, key).expect(404);
    await lend(user, id, key).expect(202);
    await until(user, id, 'completed');
    await lend(user, id, key).expect(409);
    const { body: output } = await app.call('get', `/runs/${id}/output`, user).expect(200);
    expect(output).toEqual({ sealed: { devices: [], blob: expect.any(String) } });
    const blob = Buffer.from(output.sealed.blob, 'base64');
    const plain = JSON.parse(openWith(key, blob, `adiuva/result/1|${user.id}|${id}`).toString());
    expect(plain.actions).toEqual([expect.objectContaining({ type: 'create_record', table: 'tasks' })]);
  });

  it('is nowhere readable, nor is its key, while its run waits for a device and when it has ended', async () => {
    const [user, key] = [await app.user('pro'), randomBytes(32)];
    const goal = await create(user, {
      ...contentOf(user, key),
      instructions: encrypt(user, key, 'instructions', 'list tasks about zebrafish'),
      input: {},
    });
    const id = await start(user, goal.id);
    await lend(user, id, key).expect(202);
    await eventually(async () => {
      const { body } = await app.call('get', `/runs/${id}/steps`, user);
      return body[0]?.status === 'waiting';
    });
    const [row] = await app.nest
      .get(Database)
      .query<{ wrapped_key: Buffer }>('SELECT wrapped_key FROM runs WHERE id = $1', [id]);
    expect(row?.wrapped_key.includes(key)).toBe(false);
    const find = async () => [
      ...(await findPlaintext(key.toString('base64'), await places())),
      ...(await findPlaintext(key.toString('hex'), await places())),
      ...(await findPlaintext('zebrafish', await places())),
    ];
    expect(await find()).toEqual([]);
    await app
      .call('post', `/runs/${id}/resume`, user)
      .send({ answer: [{ result: [] }] })
      .expect(202);
    await until(user, id, 'completed');
    expect(await find()).toEqual([]);
    const kept = await app.nest
      .get(Database)
      .query('SELECT 1 FROM runs WHERE id = $1 AND (wrapped_key IS NOT NULL OR key_worker IS NOT NULL)', [id]);
    expect(kept).toEqual([]);
  });

  it('fails with a key that does not open it, and waits for the right one when it is resumed', async () => {
    const [user, key] = [await app.user('pro'), randomBytes(32)];
    const id = await start(user, (await create(user, contentOf(user, key))).id);
    await lend(user, id, randomBytes(32)).expect(202);
    await until(user, id, 'failed');
    expect((await runOf(user, id)).error.code).toBe('unprocessable');
    await app.call('post', `/runs/${id}/resume`, user).send({}).expect(202);
    expect(await runOf(user, id)).toMatchObject({ status: 'waiting', waiting_for: 'device' });
    await lend(user, id, key).expect(202);
    await until(user, id, 'completed');
  });

  it('is refused where a member is not encrypted, or where the server has custody and one is', async () => {
    const [user, key] = [await app.user('pro'), randomBytes(32)];
    const content = contentOf(user, key);
    const errorsOf = async (fields: object): Promise<string[]> => {
      const { body } = await app.call('post', '/goals', user).send(fields).expect(400);
      return body.errors.map(({ field }: { field: string }) => field);
    };
    expect(await errorsOf({ ...content, title: 'x' })).toEqual(['title']);
    expect(await errorsOf({ ...content, input: { tasks: [] } })).toEqual(['input']);
    expect(await errorsOf({ ...content, custody: 'server' })).toEqual(['title', 'instructions']);
    expect(await errorsOf({ ...content, title: { ciphertext: '?' } })).toEqual(['title']);
    expect(await errorsOf({ ...content, title: { ciphertext: 'AAAA', more: 1 } })).toEqual(['title']);
    const goal = await create(user, content);
    await app.call('patch', `/goals/${goal.id}`, user).send({ custody: 'server' }).expect(400);
    await app
      .call('post', `/goals/${goal.id}/run`, user)
      .send({ input: { tasks: [] } })
      .expect(400);
    const changed = { custody: 'server', title: 'x', instructions: 'add a task: x' };
    expect((await app.call('patch', `/goals/${goal.id}`, user).send(changed).expect(200)).body).toMatchObject({
      ...changed,
      input: {},
    });
    await app
      .call('post', `/runs/${await start(user, goal.id)}/key`, user)
      .send({ key: 'AAAA' })
      .expect(400);
  });

  it('waits for its key again when the process that has it dies, and then continues', async () => {
    const [user, key] = [await app.user('pro'), randomBytes(32)];
    const goal = await create(user, {
      ...contentOf(user, key),
      instructions: encrypt(user, key, 'instructions', 'list tasks about zebras'),
      input: {},
    });
    const id = await start(user, goal.id);
    await lend(user, id, key).expect(202);
    await eventually(async () => (await app.call('get', `/runs/${id}/steps`, user)).body[0]?.status === 'waiting');
    await second.nest.get(RunWorker).stop();
    await third.nest.get(RunWorker).start();
    // A device that is connected all the time learns that the key is gone.
    await eventually(async () => {
      const events = await app.nest
        .get(Database)
        .query(`SELECT 1 FROM run_events WHERE run_id = $1 AND kind = 'run.status' AND detail = 'waiting'`, [id]);
      return events.length === 3;
    });
    // The answer of a device does not start it without the key.
    await app
      .call('post', `/runs/${id}/resume`, user)
      .send({ answer: [{ result: [] }] })
      .expect(202);
    await eventually(async () => (await lend(user, id, key)).status === 202);
    await until(user, id, 'completed');
  });
});
