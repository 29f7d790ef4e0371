import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AdiuvaClient, ApiProblem, MemoryTokenStore, type Tokens } from '@adiuva/client';
import { demand } from './cluster';

const RUN_MS = 120_000;
/** The balancer sends nothing more to a killed node after this time. */
const DETECTION_MS = 1_000;
/** What the model of these users says. */
export const WORDS = Array.from({ length: 40 }, (_, at) => `word${at} `);

/** Milliseconds between two steps of each kind, at least, and between two looks at a run. */
export interface Pace {
  readonly pauseMs: number;
  readonly pollMs: number;
}

/** What the users have seen. */
export class Ledger {
  readonly done = { chats: 0, records: 0, backups: 0, runs: 0 };
  readonly chatErrors: { readonly code: string; readonly startedAt: number }[] = [];
  readonly failures: string[] = [];
  /** Requests that the killed node could not answer, and that were answered when they were sent again. */
  cut = 0;
  killedAt = Infinity;
  slowestChatMs = 0;

  /** Whether what began then may have been sent to the killed node. */
  mayBeCut(startedAt: number): boolean {
    return startedAt < this.killedAt + DETECTION_MS && Date.now() >= this.killedAt;
  }
}

/** A user who chats, stores records and backups, and starts runs, all at the same time. */
export class User {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    readonly client: AdiuvaClient,
    private readonly ledger: Ledger,
    private readonly pace: Pace,
  ) {}

  static async register(url: string, ledger: Ledger, pace: Pace): Promise<User> {
    const body = JSON.stringify({ email: `${randomUUID()}@example.org`, password: 'a long walk by the sea' });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v1/auth/register`, { method: 'POST', headers, body });
    const session = (await response.json()) as Tokens;
    const tokens = new MemoryTokenStore();
    await tokens.save(session);
    return new User(url, session.access_token, new AdiuvaClient({ baseUrl: url, tokens }), ledger, pace);
  }

  /** Works until `isOver`; what has begun is completed. */
  async work(isOver: () => boolean): Promise<void> {
    const { pauseMs } = this.pace;
    const loops = [this.chat, this.record, this.backup, this.run].map(async (step) => {
      await pause(Math.random() * pauseMs);
      while (!isOver()) {
        await step.call(this).catch((error: unknown) => this.ledger.failures.push(`${step.name}: ${reasonOf(error)}`));
        await pause(pauseMs * (1 + 2 * Math.random()));
      }
    });
    await Promise.all(loops);
  }

  private async chat(): Promise<void> {
    const startedAt = Date.now();
    let text = '';
    try {
      for await (const event of this.client.chats.stream({ message: 'Say words', agents: ['task_agent'] })) {
        if (event.type === 'token') text += event.text;
        else demand(event.response === text && text === WORDS.join(''), `a chat is not whole: ${text.length}`);
      }
      this.ledger.done.chats += 1;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.ledger.chatErrors.push({ code: `${error.status} ${error.code}`, startedAt });
    }
    this.ledger.slowestChatMs = Math.max(this.ledger.slowestChatMs, Date.now() - startedAt);
  }

  private async record(): Promise<void> {
    const bytes = randomBytes(2_000);
    const checksum = createHash('sha256').update(bytes).digest('hex');
    const body = { table: 'notes', blob: bytes.toString('base64'), checksum };
    const { id } = await this.json('POST', '/storage/records', body);
    demand(bytes.equals(await this.send('GET', `/storage/records/${id}`)), 'a record differs');
    this.ledger.done.records += 1;
  }

  private async backup(): Promise<void> {
    const bytes = randomBytes(50_000);
    const headers = {
      'x-backup-version': '1',
      'x-backup-timestamp': String(Date.now()),
      'x-backup-checksum': createHash('sha256').update(bytes).digest('hex'),
      'content-type': 'application/octet-stream',
    };
    await this.send('PUT', '/backup', bytes, headers);
    this.ledger.done.backups += 1;
  }

  private async run(): Promise<void> {
    const goal = { title: 'Words', instructions: 'Say words', agent: 'task_agent', input: { tasks: [] } };
    const { id } = await this.json('POST', '/goals', goal);
    const { run_id } = await this.json('POST', `/goals/${id}/run`, {});
    const end = Date.now() + RUN_MS;
    for (;;) {
      const { status } = await this.json('GET', `/runs/${run_id}`);
      if (status === 'completed') break;
      demand(status !== 'failed' && Date.now() < end, `a run is ${status}`);
      await pause(this.pace.pollMs);
    }
    this.ledger.done.runs += 1;
  }

  private async json(method: string, path: string, body?: object): Promise<Readonly<Record<string, string>>> {
    const headers = { 'content-type': 'application/json' };
    const bytes = await this.send(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
    return JSON.parse(bytes.toString()) as Readonly<Record<string, string>>;
  }

  /** One request without a retry, but where a killed node may have cut it: then it is sent again once, under the same idempotency key. */
  private async send(
    method: string,
    path: string,
    body?: string | Buffer<ArrayBuffer>,
    given: Readonly<Record<string, string>> = {},
  ): Promise<Buffer> {
    const startedAt = Date.now();
    const key = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    const headers = { ...given, ...key, authorization: `Bearer ${this.token}` };
    const once = async (): Promise<{ status: number; bytes: Buffer }> => {
      const response = await fetch(`${this.url}/api/v1${path}`, { method, headers, ...(body ? { body } : {}) });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    };
    const { status, bytes } = await once().catch((error: unknown) => {
      if (!this.ledger.mayBeCut(startedAt)) throw error;
      this.ledger.cut += 1;
      return once();
    });
    if (status >= 300) throw new Error(`${method} ${path.split('/')[1]} ${status} ${bytes.toString()}`);
    return bytes;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause =
    error.cause instanceof Error ? ` (${'code' in error.cause ? String(error.cause.code) : error.cause.message})` : '';
  return `${error.message}${cause}`;
}
