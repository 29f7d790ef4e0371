import { existsSync } from 'node:fs';
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdiuvaClient,
  ApiProblem,
  MemorySyncStore,
  MemoryVectorCache,
  type ChatEvent,
  type Vault,
} from '@adiuva/client';
import { sentences } from '../../bench/brown-corpus';
import { embedAll, MODEL_DIM } from '../../bench/sentence-model';
import { showDatabase } from './database-view';
import { startServer, type RunningServer } from './server';

/**
 * Two devices of one user: `npm run example:notes`. It starts a server of its own, stores notes that only the devices can read, finds
 * them by meaning on the second device, lets the assistant ask for one, and shows what the server's database holds.
 */
const NOTES = Number(process.argv[2] ?? 300);
const COLLECTION = { name: 'notes', mode: 'local', model: 'use-lite', dim: MODEL_DIM } as const;
const QUESTION = 'What did the doctors at the hospital say about the patient?';

interface Note {
  readonly id: string;
  readonly text: string;
  readonly vector: Float32Array;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-notes-'));
  const server = await startServer(folder);
  try {
    await tour(server);
  } finally {
    await server.stop();
    if (existsSync(folder)) await rm(folder, { recursive: true, force: true });
  }
}

async function tour(server: RunningServer): Promise<void> {
  const account = { email: 'anna@example.org', password: 'a long walk by the sea' };
  const laptop = new AdiuvaClient({ baseUrl: server.url });
  const { vault, profile, recoveryWords } = await laptop.account.signUp(account);
  say(`Registered. Recovery words: ${recoveryWords.split(' ').slice(0, 3).join(' ')} … (24 in all)`);
  await server.upgrade(account.email);

  say(`Embedding ${NOTES} notes on this device`);
  const notes = await corpus();
  await store(laptop, vault, notes);

  const phone = new AdiuvaClient({ baseUrl: server.url });
  const second = await phone.account.signIn(account);
  const synced = new MemorySyncStore();
  const report = await phone.sync(second.vault, synced);
  say(`Second device: ${report.pulled} notes came in and opened`);
  await findByMeaning(phone, second.vault);
  await chatAbout(phone, synced);
  await showDatabase(server.databaseUrl, profile.id, notes[0]?.text ?? '');
  for (const client of [laptop, phone]) client.close();
}

async function corpus(): Promise<Note[]> {
  const texts = sentences(NOTES);
  const numbers = await embedAll(texts, () => undefined);
  return texts.map((text, i) => ({
    id: crypto.randomUUID(),
    text,
    vector: numbers.subarray(i * MODEL_DIM, (i + 1) * MODEL_DIM),
  }));
}

async function store(client: AdiuvaClient, vault: Vault, notes: readonly Note[]): Promise<void> {
  const local = new MemorySyncStore();
  for (const { id, text } of notes) await local.write('notes', id, new TextEncoder().encode(text));
  const { pushed } = await client.sync(vault, local);
  const collection = await client.collections.open(vault, COLLECTION);
  await collection.upsert(
    notes.map(({ id, text, vector }) => ({ id, vector, metadata: { preview: text.slice(0, 70) } })),
  );
  say(`Stored ${pushed} sealed notes and their sealed vectors`);
}

async function findByMeaning(client: AdiuvaClient, vault: Vault): Promise<void> {
  const collection = await client.collections.open(vault, COLLECTION, new MemoryVectorCache());
  await collection.sync();
  const started = performance.now();
  const found = await collection.search(await embedAll([QUESTION], () => undefined), 3);
  say(
    `Searched by meaning on the device in ${Math.round(performance.now() - started)} ms, the model included: "${QUESTION}"`,
  );
  for (const { score, metadata } of found) say(`  ${score.toFixed(3)}  ${String(metadata['preview'])}`);
}

/** The assistant holds no notes: it asks this device for them, and what it says comes from the answer. */
async function chatAbout(client: AdiuvaClient, notes: MemorySyncStore): Promise<void> {
  const list = [...notes.records.values()]
    .slice(0, 5)
    .map(({ id, data }) => ({ id, title: titleOf(data), project_id: null }));
  const tools = {
    list_notes: () => list,
    get_note: ({ note_id }: Readonly<Record<string, unknown>>) => list.find(({ id }) => id === note_id) ?? null,
  };
  say('\nAsking the assistant to list my notes, which it must ask this device for:');
  try {
    await speak(client.chats.stream({ message: 'list my notes' }, { tools }));
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'validation_failed') throw error;
    say('This server does not know client tools; asking it without them:');
    await speak(client.chats.stream({ message: 'note: buy milk and eggs' }));
  }
}

async function speak(events: AsyncIterable<ChatEvent>): Promise<void> {
  for await (const event of events) {
    if (event.type === 'token') process.stdout.write(event.text);
    else say(`\n  actions for this device: ${JSON.stringify(event.actions ?? []).slice(0, 160)}`);
  }
}

function titleOf(data: Uint8Array | null): string {
  return new TextDecoder().decode(data ?? new Uint8Array()).slice(0, 50);
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
