import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentences } from '../../bench/brown-corpus';
import { showDatabase } from './database-view';
import { EMBEDDER } from './embedder';
import { NotesCore } from './notes-core';
import { startServer, type RunningServer } from './server';

/**
 * Two devices of one user: `npm run example:notes`. It starts a server of its own, runs the main process of two devices in plain Node
 * (`notes-core.ts`, which an Electron app has in its main process), and shows what the server's database holds.
 */
const NOTES = Number(process.argv[2] ?? 300);
const ACCOUNT = { email: 'anna@example.org', password: 'a long walk by the sea' };
const QUESTION = 'What did the doctors at the hospital say about the patient?';

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-notes-'));
  const server = await startServer(folder);
  try {
    await tour(server);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tour(server: RunningServer): Promise<void> {
  const options = { baseUrl: server.url, embedder: EMBEDDER };
  const { recoveryWords, open } = await NotesCore.signUp(options, ACCOUNT);
  say(`Registered. Recovery words: ${recoveryWords.split(' ').slice(0, 3).join(' ')} … (24 in all)`);
  await server.upgrade(ACCOUNT.email);

  const laptop = await open();
  const texts = sentences(NOTES);
  await laptop.save(texts);
  say(`Stored ${(await laptop.sync()).pushed} sealed notes and their sealed vectors`);

  const phone = await (await NotesCore.signIn(options, ACCOUNT)).open();
  say(`Second device: ${(await phone.sync()).pulled} notes came in and opened`);

  const started = performance.now();
  const found = await phone.search(QUESTION);
  say(`Searched by meaning on the device in ${Math.round(performance.now() - started)} ms: "${QUESTION}"`);
  for (const { score, text } of found) say(`  ${score.toFixed(3)}  ${text}`);

  say('\nThe assistant lists my notes, for which it must ask this device:');
  for await (const event of await phone.ask('list my notes')) {
    if (event.type === 'token') process.stdout.write(event.text);
    else say(`\n  actions for this device: ${JSON.stringify(event.actions ?? []).slice(0, 160)}`);
  }

  await laptop.backUp();
  say(`A sealed backup; the second device reads ${(await phone.readBackup()).length} notes from it`);
  await showDatabase(server.databaseUrl, phone.vault.userId, texts[0] ?? '');
  for (const device of [laptop, phone]) device.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
