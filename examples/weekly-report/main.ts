import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdiuvaClient, newSealingPair, openRunOutput, type ResultDevice, type Vault } from '@adiuva/client';
import { Scheduler } from '@adiuva/automations';
import { Environment } from '@adiuva/config';
import { RunWorker } from '@adiuva/runs';
import { createApplication } from '../../apps/api/src/application';

/**
 * A weekly report: `npm run example:report`. It starts a server of its own, schedules a report, answers what the run asks about the user's
 * tasks, and opens the result on two devices. For the example the schedule has a slot in a second, too.
 */
const ACCOUNT = { email: 'anna@example.org', password: 'a long walk by the sea' };
const TASKS = [
  { id: 't1', title: 'Send the offer to Bluebird', status: 'done' },
  { id: 't2', title: 'Call Anna', status: 'todo' },
];
const REPORT = { title: 'Weekly report', instructions: 'list tasks', agent: 'task_agent' };
const TIMEZONE = 'Europe/Berlin';

interface AppDevice extends ResultDevice {
  readonly client: AdiuvaClient;
  readonly vault: Vault;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-report-'));
  const settings = { ENV: 'test', DATA_DIR: folder, LLM_PROVIDER: 'offline', LOG_LEVEL: 'silent' };
  const app = await createApplication(new Environment(settings), { logTo: { write: () => undefined } });
  await app.listen(0, '127.0.0.1');
  await app.get(RunWorker).start();
  app.get(Scheduler).start();
  try {
    await tour((await app.getUrl()).replace('[::1]', '127.0.0.1'));
  } finally {
    app.get(Scheduler).stop();
    await app.get(RunWorker).stop();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tour(baseUrl: string): Promise<void> {
  const first = new AdiuvaClient({ baseUrl });
  const { vault } = await first.account.signUp(ACCOUNT);
  const second = new AdiuvaClient({ baseUrl });
  const signedIn = await second.account.signIn(ACCOUNT);
  const devices = [await registered(first, vault, 'laptop'), await registered(second, signedIn.vault, 'phone')];
  const finished = new Promise<string>((resolve) => {
    first.serveRuns({ tools: { list_tasks: () => TASKS }, onOutput: ({ run_id }) => resolve(run_id) });
  });
  const soon = new Date(Date.now() + 1_000).toISOString();
  const goal = await first.goals.create({
    ...REPORT,
    schedules: [
      { kind: 'cron', expression: '0 9 * * 1', timezone: TIMEZONE },
      { kind: 'at', expression: soon, timezone: TIMEZONE },
    ],
  });
  print(`scheduled "${REPORT.title}"; next run ${new Date(goal.next_run_at ?? 0).toISOString()}`);
  const runId = await finished;
  for await (const { id, type } of first.runs.events(runId)) print(`  event ${id}: ${type}`);
  for (const device of devices) {
    const owner = { userId: device.vault.userId, runId };
    const { response } = await openRunOutput(await device.client.runs.output(runId), owner, device);
    print(`opened on device ${device.id}:\n  ${response.replaceAll('\n', '\n  ')}`);
  }
  for (const { client } of devices) client.close();
}

async function registered(client: AdiuvaClient, vault: Vault, name: string): Promise<AppDevice> {
  const pair = newSealingPair();
  const { id } = await client.account.registerDevice(vault, name, pair);
  return { id, privateKey: pair.privateKey, client, vault };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
