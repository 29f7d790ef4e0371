import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, PASSWORD } from '../support/app';

type Json = Readonly<Record<string, unknown>>;

/** When a backup was made, in milliseconds since the epoch: what was acknowledged before `snapshotAt` is in it, what began after `endedAt` is not. */
export interface BackupTime {
  readonly snapshotAt: number;
  readonly endedAt: number;
}

/** Something that the user was told to be done; `checksum` is null for a deletion. */
interface Entry {
  readonly id: string;
  readonly checksum: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

const MAX_BACKUPS = 6;
const PAUSE_MS = 40;

/** A user who writes records, backups and runs, buys plugins, and keeps a ledger of all that was acknowledged. */
export class DrillUser {
  /** Of one writer, in the order in which they were made. */
  readonly writes: Entry[] = [];
  readonly backups: Entry[] = [];
  readonly runs: Entry[] = [];
  readonly purchases: Entry[] = [];
  /** What was refused or failed while the user worked. */
  readonly failures: string[] = [];
  private readonly ids = Array.from({ length: 12 }, () => randomUUID());

  private constructor(
    private readonly urlOf: () => string,
    readonly id: string,
    private readonly token: string,
    private readonly maxBackupBytes: number,
  ) {}

  static async register(urlOf: () => string, maxBackupBytes: number): Promise<DrillUser> {
    const body = JSON.stringify({ email: `${randomUUID()}@example.org`, password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${urlOf()}/api/v1/auth/register`, { method: 'POST', headers, body });
    const { access_token: token } = (await response.json()) as { access_token: string };
    return new DrillUser(urlOf, subjectOf(token), token, maxBackupBytes);
  }

  /** Works until `isOver`, and buys one plugin after the other. What has begun is completed. */
  async work(plugins: readonly string[], isOver: () => boolean): Promise<void> {
    const wanted = [...plugins];
    const steps = [
      () => this.write(),
      () => this.backup(),
      () => this.run(),
      async () => {
        const plugin = wanted.shift();
        if (plugin !== undefined) await this.buy(plugin);
        await pause(PAUSE_MS * 10);
      },
    ];
    await Promise.all(
      steps.map(async (step) => {
        while (!isOver()) {
          await step().catch((error: unknown) =>
            this.failures.push(error instanceof Error ? error.message : 'unknown'),
          );
          await pause(PAUSE_MS);
        }
      }),
    );
  }

  async write(): Promise<void> {
    const id = this.ids[randomInt(this.ids.length)] ?? '';
    const exists = (this.writes.findLast((entry) => entry.id === id)?.checksum ?? null) !== null;
    if (exists && randomInt(5) === 0)
      return this.enter(this.writes, id, null, () => this.send('DELETE', `/storage/records/${id}`));
    const bytes = randomBytes(randomInt(10) === 0 ? 200_000 : randomInt(5_000));
    const headers = {
      'content-type': 'application/octet-stream',
      'x-checksum': sha256(bytes),
      ...(exists ? {} : { 'x-record-id': id, 'x-table': 'notes' }),
    };
    const [method, path] = exists ? ['PUT', `/storage/records/${id}`] : ['POST', '/storage/records'];
    await this.enter(this.writes, id, sha256(bytes), () => this.send(method, path, bytes, headers));
  }

  /** Up to as many as no retention takes away. */
  async backup(): Promise<void> {
    if (this.backups.length >= MAX_BACKUPS) return void (await pause(PAUSE_MS * 10));
    const bytes = randomBytes(randomInt(this.maxBackupBytes / 2, this.maxBackupBytes));
    const headers = {
      'content-type': 'application/octet-stream',
      'x-backup-version': '1',
      'x-backup-timestamp': String(Date.now()),
      'x-backup-checksum': sha256(bytes),
    };
    const startedAt = Date.now();
    const { id } = (await (await this.send('PUT', '/backup', bytes, headers)).json()) as { id: string };
    this.backups.push({ id, checksum: sha256(bytes), startedAt, endedAt: Date.now() });
  }

  async run(): Promise<void> {
    const goal = { title: 'Tasks', instructions: 'list my tasks', agent: 'task_agent', input: { tasks: [] } };
    const { id } = await this.json('POST', '/goals', goal);
    const startedAt = Date.now();
    const { run_id } = await this.json('POST', `/goals/${String(id)}/run`, {});
    this.runs.push({ id: String(run_id), checksum: null, startedAt, endedAt: Date.now() });
    await pause(PAUSE_MS * 10);
  }

  async buy(pluginId: string): Promise<void> {
    await this.enter(this.purchases, pluginId, null, () =>
      this.json('POST', `/plugins/${pluginId}/install`, { plugin_id: pluginId }),
    );
  }

  /** A cursor of the feed after all that was written. */
  async cursor(): Promise<string> {
    for (let cursor = '0'; ;) {
      const page = await this.json('GET', `/storage/changes?limit=500&cursor=${cursor}`);
      cursor = String(page['cursor']);
      if (page['has_more'] !== true) return cursor;
    }
  }

  /** How the restored server differs from the ledger. `cursor` is one of before. */
  async compare(time: BackupTime, cursor: string): Promise<readonly string[]> {
    const expired = await this.request('GET', `/storage/changes?cursor=${cursor}`);
    return [
      ...(expired.status === 410 ? [] : [`a cursor of before is answered ${expired.status}`]),
      ...(await this.compareRecords(time)),
      ...(await this.compareBackups(time)),
      ...(await this.compareRuns(time)),
      ...(await this.comparePurchases(time)),
    ];
  }

  /** One writer makes one change after the other: what was restored is what it was after one of them, and no mixture. */
  private async compareRecords(time: BackupTime): Promise<readonly string[]> {
    const found = new Map<string, string | null>();
    for (const id of this.ids) found.set(id, await this.checksumAt(`/storage/records/${id}`));
    const [least, most] = [acknowledged(this.writes, time).length, begun(this.writes, time).length];
    const known = new Map<string, string | null>(this.ids.map((id) => [id, null]));
    for (const [at, { id, checksum }] of this.writes.slice(0, most).entries()) {
      if (at >= least && isEqual(known, found)) return [];
      known.set(id, checksum);
    }
    return isEqual(known, found) ? [] : [`the records are not those after any of the changes ${least} to ${most}`];
  }

  private async compareBackups(time: BackupTime): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const { id, checksum } of acknowledged(this.backups, time))
      if ((await this.checksumAt(`/backup/${id}`)) !== checksum) faults.push(`the backup ${id} is lost`);
    return faults;
  }

  private async compareRuns(time: BackupTime): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const { id } of acknowledged(this.runs, time)) {
      const isCompleted = async () => (await this.json('GET', `/runs/${id}`))['status'] === 'completed';
      await eventually(isCompleted).catch((error: Error) => faults.push(`the run ${id}: ${error.message}`));
    }
    return faults;
  }

  private async comparePurchases(time: BackupTime): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const { id } of acknowledged(this.purchases, time))
      if ((await this.json('GET', `/plugins/${id}`))['installed'] !== true)
        faults.push(`the purchase of ${id} is lost`);
    return faults;
  }

  private async enter(
    ledger: Entry[],
    id: string,
    checksum: string | null,
    act: () => Promise<unknown>,
  ): Promise<void> {
    const startedAt = Date.now();
    await act();
    ledger.push({ id, checksum, startedAt, endedAt: Date.now() });
  }

  /** Null where the server has no such object. */
  private async checksumAt(path: string): Promise<string | null> {
    const response = await this.request('GET', path);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status === 404) return null;
    return response.ok ? sha256(bytes) : `status ${response.status}`;
  }

  private async json(method: string, path: string, body?: object): Promise<Json> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.send(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
    return (await response.json()) as Json;
  }

  private async send(...request: Parameters<DrillUser['request']>): Promise<Response> {
    const response = await this.request(...request);
    if (response.ok) return response;
    throw new Error(`${request[0]} ${request[1]}: ${response.status} ${await response.text()}`);
  }

  private request(
    method: string,
    path: string,
    body?: string | Buffer<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const init = { method, headers: { ...headers, authorization: `Bearer ${this.token}` }, ...(body ? { body } : {}) };
    return fetch(`${this.urlOf()}/api/v1${path}`, init);
  }
}

/** The id of the user whose access token this is. */
export function subjectOf(token: string): string {
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
  return sub;
}

function acknowledged(entries: readonly Entry[], { snapshotAt }: BackupTime): readonly Entry[] {
  return entries.filter(({ endedAt }) => endedAt < snapshotAt);
}

function begun(entries: readonly Entry[], time: BackupTime): readonly Entry[] {
  return entries.filter(({ startedAt }) => startedAt <= time.endedAt);
}

function isEqual(one: ReadonlyMap<string, string | null>, other: ReadonlyMap<string, string | null>): boolean {
  return [...one].every(([id, checksum]) => other.get(id) === checksum);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
