import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdiuvaClient } from '@adiuva/client';
import { Accounts } from '@adiuva/auth';
import { Entitlements } from '@adiuva/billing';
import { Environment } from '@adiuva/config';
import { Database } from '@adiuva/platform';
import { RunWorker } from '@adiuva/runs';
import { createApplication } from '../../apps/api/src/application';
import { buildProject } from './build-project';
import { startScriptedModel } from './scripted-model';

/**
 * A code project: `npm run example:code`. It starts a server of its own, lets four agents build a project, prints what they do, and saves
 * the project as a zip file. With `OPENAI_API_KEY` a model of OpenAI works, else a scripted one.
 */
const ACCOUNT = { email: 'anna@example.org', password: 'a long walk by the sea' };
const REQUEST = 'A recipe box that finds recipes by an ingredient';
const FILE = 'recipe-box.zip';

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-code-'));
  const model = await startScriptedModel();
  const { OPENAI_API_KEY: key } = process.env;
  const provider = key === undefined ? model.settings : { LLM_PROVIDER: 'openai', OPENAI_API_KEY: key };
  const settings = { ENV: 'test', DATA_DIR: folder, LOG_LEVEL: 'silent', ...provider };
  const app = await createApplication(new Environment(settings), { logTo: { write: () => undefined } });
  await app.listen(0, '127.0.0.1');
  await app.get(RunWorker).start();
  try {
    const client = new AdiuvaClient({ baseUrl: (await app.getUrl()).replace('[::1]', '127.0.0.1') });
    await client.account.signUp(ACCOUNT);
    // Files need a plan with cloud storage, as a payment would set it.
    const userId = await app.get(Accounts).idOf(ACCOUNT.email);
    await app.get(Database).transaction((tx) => app.get(Entitlements).set(tx, userId, { tier: 'pro', seats: 1 }));
    await tour(client);
    client.close();
  } finally {
    await app.get(RunWorker).stop();
    await app.close();
    await model.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tour(client: AdiuvaClient): Promise<void> {
  const { id, jobs, zip } = await buildProject(client, {
    title: 'Recipe box',
    request: REQUEST,
    onJob: (agent, seconds) => print(`${agent} works, for about ${seconds} s`),
    onEvent: (_, { id: event, type }) => print(`  event ${event}: ${type}`),
  });
  const { files } = await client.projects.files(id);
  for (const { path, version, size_bytes } of files) print(`${path}: version ${version}, ${size_bytes} bytes`);
  print(`findings of the review: ${JSON.stringify(jobs.at(-1)?.result)}`);
  await writeFile(FILE, zip);
  print(`saved as ${FILE}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
