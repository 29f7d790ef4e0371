import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AdiuvaClient, MemorySyncStore, MemoryTokenStore, type Tokens, type Vault } from '@adiuva/client';
import { payFor } from '../../bench/paid-user';
import { PASSWORD, startServer } from '../../bench/server';
import { TcpProxy } from '../support/fakes/tcp-proxy';

const MINUTES = Number(process.argv[3] ?? 40);
const ACCESS_TOKEN_SECONDS = 20;
/** Longer than a token lives, so that idle sockets are renewed too. */
const MAX_PAUSE_MS = 30_000;
/** A client comes back from a cut connection within 5 s. */
const EVENT_MS = 15_000;
const CUT_PERCENT = 40;

/** Counts how often the session was renewed. */
class CountingTokens extends MemoryTokenStore {
  saves = 0;

  override save(tokens: Tokens | undefined): Promise<void> {
    this.saves += 1;
    return super.save(tokens);
  }
}

/** Syncs only when it is told that another device stored something, so that an event that is lost is a record that is missing. */
class Listener {
  readonly store = new MemorySyncStore();
  events = 0;
  private syncing: Promise<unknown> = Promise.resolve();

  constructor(
    readonly client: AdiuvaClient,
    private readonly vault: Vault,
  ) {
    client.chats.onStorageChanged(() => {
      this.events += 1;
      this.syncing = this.syncing.then(() => client.sync(this.vault, this.store)).catch(() => undefined);
    });
  }

  async waitFor(id: string, text: string): Promise<void> {
    const end = Date.now() + EVENT_MS;
    while (textOf((await this.store.get(id))?.data) !== text) {
      if (Date.now() > end) throw new Error('a storage event is lost');
      await pause(20);
    }
  }
}

/**
 * `npm run test:chaos -- session [MINUTES]`: a session of 40 minutes whose access tokens live 20 seconds, with pauses that are longer than a
 * token lives and connections that are cut. Every chat is whole, and every record of the other device arrives by its event.
 */
export async function chaos(): Promise<void> {
  const server = await startServer({ ACCESS_TOKEN_SECONDS: String(ACCESS_TOKEN_SECONDS), LLM_PROVIDER: 'offline' });
  const proxy = await TcpProxy.before(server.url);
  const tokens = new CountingTokens();
  const client = new AdiuvaClient({ baseUrl: proxy.url, tokens });
  const writer = new AdiuvaClient({ baseUrl: server.url });
  try {
    const account = { email: `${randomUUID()}@example.org`, password: PASSWORD };
    const { vault, profile } = await client.account.signUp(account);
    await payFor(server, profile.id);
    const other = await writer.account.signIn(account);
    const listener = new Listener(client, vault);
    const counts = { minutes: MINUTES, chats: 0, notes: 0, cuts: 0 };
    const written = new MemorySyncStore();
    const end = Date.now() + MINUTES * 60_000;
    while (Date.now() < end) {
      const isCut = randomInt(100) < CUT_PERCENT;
      const cutting = isCut ? cut(proxy) : undefined;
      const chat = wholeChat(client);
      const [id, text] = [randomUUID(), `note ${counts.notes}`];
      await written.write('notes', id, new TextEncoder().encode(text));
      await writer.sync(other.vault, written);
      await Promise.all([cutting, chat, listener.waitFor(id, text)]);
      counts.chats += 1;
      counts.notes += 1;
      counts.cuts += Number(isCut);
      await pause(randomInt(MAX_PAUSE_MS));
    }
    const { events } = listener;
    process.stdout.write(`session: ${JSON.stringify({ ...counts, events, renewals: tokens.saves - 1 })}, none lost\n`);
  } finally {
    client.close();
    writer.close();
    await proxy.close();
    await server.stop();
  }
}

/** An answer to which the assistant needs this device. Throws when a token is missing. */
async function wholeChat(client: AdiuvaClient): Promise<void> {
  const title = `Milk ${randomInt(1_000_000)}`;
  const tools = { list_notes: () => [{ id: randomUUID(), title, project_id: null }] };
  let [text, response]: [string, string | undefined] = ['', undefined];
  for await (const event of client.chats.stream({ message: 'list my notes' }, { tools })) {
    if (event.type === 'token') text += event.text;
    else response = event.response;
  }
  if (text !== response || !text.includes(title)) throw new Error(`a chat is not whole: ${text}`);
}

async function cut(proxy: TcpProxy): Promise<void> {
  await pause(randomInt(30));
  await proxy.close();
  await pause(randomInt(3_000));
  await proxy.open();
}

function textOf(data: Uint8Array | null | undefined): string | undefined {
  return data ? new TextDecoder().decode(data) : undefined;
}
