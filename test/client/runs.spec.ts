import { GoalKeys, newSealingPair, openRunOutput, type RunEvent } from '@adiuva/client';
import { eventually, TestApp } from '../support/app';
import { PASSWORD, QUICK_KDF, sdkClient, sdkUser } from './support/sdk-user';

const SECRET = 'the merger is called Bluebird';
const LIST = { title: 'Open tasks', instructions: 'list tasks', agent: 'task_agent' };

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
  await app.startRuns();
});
afterAll(() => app.stop());

/** Two devices of one account, each with a client and a key pair of its own. */
async function twoDevices() {
  const { client, vault, email } = await sdkUser(app);
  const other = sdkClient(app);
  const second = await other.account.signIn({ email, password: PASSWORD });
  const pairs = [newSealingPair(), newSealingPair()] as const;
  const laptop = await client.account.registerDevice(vault, 'laptop', pairs[0]);
  const phone = await other.account.registerDevice(second.vault, 'phone', pairs[1]);
  return {
    laptop: { client, vault, id: laptop.id, privateKey: pairs[0].privateKey },
    phone: { client: other, vault: second.vault, id: phone.id, privateKey: pairs[1].privateKey },
    close: () => [client, other].forEach((open) => open.close()),
  };
}

async function finalEvents(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('a run asks a device for a read tool, and each device opens the result', async () => {
  const { laptop, phone, close } = await twoDevices();
  const outputs: string[] = [];
  const tools = { list_tasks: () => [{ id: 'a', title: SECRET, status: 'todo' }] };
  // A device that is connected for other things leaves the call to one that serves runs.
  phone.client.chats.onStorageChanged(() => undefined);
  laptop.client.serveRuns({ tools, onOutput: ({ run_id }) => outputs.push(run_id) });
  const goal = await laptop.client.goals.create(LIST);
  const { run_id: runId } = await laptop.client.goals.run(goal.id);
  const events = await finalEvents(laptop.client.runs.events(runId));
  expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1));
  expect(events.at(-1)).toMatchObject({ type: 'run.status', data: { status: 'completed' } });
  for (const device of [laptop, phone]) {
    const owner = { userId: device.vault.userId, runId };
    const result = await openRunOutput(await device.client.runs.output(runId), owner, device);
    expect(result.response).toContain(SECRET);
  }
  await eventually(() => outputs.includes(runId));
  close();
});

test('the events of a run continue while a proxy has no server to ask', async () => {
  const { client, email } = await sdkUser(app);
  const goal = await client.goals.create({ ...LIST, input: { tasks: [{ id: 'a', title: SECRET, status: 'todo' }] } });
  const { run_id: runId } = await client.goals.run(goal.id);
  let failures = 0;
  const faults = [
    new Response('<h1>Bad Gateway</h1>', { status: 502 }),
    new Response('id: 1\nevent: progress\ndata: <h1>Sign in</h1>\n\n'),
  ];
  const behindProxy: typeof fetch = (input, init) => {
    const fault = String(input).endsWith('/events') ? faults[failures] : undefined;
    if (!fault) return QUICK_KDF(input, init);
    failures += 1;
    return Promise.resolve(fault);
  };
  const proxied = sdkClient(app, { fetch: behindProxy });
  await proxied.account.signIn({ email, password: PASSWORD });
  const events = await finalEvents(proxied.runs.events(runId));
  expect([failures, events.at(-1)?.data]).toEqual([2, expect.objectContaining({ status: 'completed' })]);
  client.close();
  proxied.close();
});

test('a device lends the key of an encrypted goal, also to a run that has waited since before it connected', async () => {
  const { laptop, phone, close } = await twoDevices();
  const keys = new GoalKeys(laptop.vault);
  const content = { title: SECRET, instructions: `add a task: ${SECRET}`, input: { tasks: [] } };
  const goal = await laptop.client.goals.create(await keys.seal(content));
  expect(JSON.stringify(goal)).not.toContain(SECRET);
  expect(await new GoalKeys(phone.vault).open(await phone.client.goals.get(goal.id))).toEqual(content);
  const before = await laptop.client.goals.run(goal.id);
  phone.client.serveRuns({ keys: new GoalKeys(phone.vault) });
  await finalEvents(laptop.client.runs.events(before.run_id));
  const after = await laptop.client.goals.run(goal.id);
  await finalEvents(laptop.client.runs.events(after.run_id));
  for (const { run_id: runId } of [before, after]) {
    const owner = { userId: laptop.vault.userId, runId };
    const result = await openRunOutput(await laptop.client.runs.output(runId), owner, laptop);
    expect(result.actions).toEqual([expect.objectContaining({ type: 'create_record', table: 'tasks' })]);
    expect(
      await laptop.client.runs.acknowledge(
        runId,
        result.actions.map(({ id }) => id),
      ),
    ).toEqual({ pending: 0 });
  }
  close();
});

test('a device that was registered after a run ended cannot open its result', async () => {
  const { laptop, close } = await twoDevices();
  const goal = await laptop.client.goals.create({ ...LIST, input: { tasks: [] } });
  const { run_id: runId } = await laptop.client.goals.run(goal.id);
  await finalEvents(laptop.client.runs.events(runId));
  const pair = newSealingPair();
  const late = await laptop.client.account.registerDevice(laptop.vault, 'late', pair);
  const owner = { userId: laptop.vault.userId, runId };
  const output = await laptop.client.runs.output(runId);
  await expect(openRunOutput(output, owner, { id: late.id, privateKey: pair.privateKey })).rejects.toThrow();
  close();
});
