import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdiuvaClient, MemorySyncStore, type RecordChange, type Vault } from '@adiuva/client';
import { startServer } from '../../examples/electron-notes/server';

const CHAOS_MS = Number(process.env['SYNC_CHAOS_SECONDS'] ?? 30) * 1000;
const DEVICES = 3;
const RECORDS = 20;
const FAULT_PERCENT = 12;
const ACCOUNT = { email: 'anna@example.org', password: 'a long walk by the sea' };

/** A store whose disk is full now and then. */
class FaultyStore extends MemorySyncStore {
  isFaulty = true;

  override async update(id: string, change: RecordChange): Promise<void> {
    if (this.isFaulty && randomInt(100) < 2) throw new Error('disk full');
    await super.update(id, change);
  }

  override async saveState(state: string): Promise<void> {
    if (this.isFaulty && randomInt(100) < FAULT_PERCENT) throw new Error('disk full');
    await super.saveState(state);
  }
}

/** A device that appends to notes while it syncs. A conflict joins both sets of lines, so every line must be there at the end. */
class Device {
  readonly store = new FaultyStore();
  readonly written: string[] = [];
  isFaulty = true;
  readonly client: AdiuvaClient;

  constructor(
    baseUrl: string,
    private readonly name: string,
  ) {
    this.client = new AdiuvaClient({ baseUrl, fetch: (input, init) => this.fetch(input, init) });
  }

  /** Reads, then writes in the transaction of the store, as an app does. */
  async edit(id: string): Promise<void> {
    const line = `${this.name}:${this.written.length}:${id}`;
    await MemorySyncStore.prototype.update.call(this.store, id, (now) => ({
      ...(now ?? { id, table: 'notes', dirty: true, version: 0, onServer: false, edits: 0, data: null }),
      data: encode([...linesOf(now?.data), line]),
      dirty: true,
      edits: (now?.edits ?? 0) + 1,
    }));
    this.written.push(line);
  }

  sync(vault: Vault) {
    return this.client.sync(vault, this.store, {
      onConflict: ({ mine, theirs }) => encode([...new Set([...linesOf(theirs.data), ...linesOf(mine.data)])]),
    });
  }

  private async fetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const isSync = String(input).includes('/storage/');
    if (this.isFaulty && isSync && randomInt(100) < FAULT_PERCENT) throw new TypeError('cut before');
    const response = await fetch(input, init);
    if (!this.isFaulty || !isSync || randomInt(100) >= FAULT_PERCENT) return response;
    await response.arrayBuffer();
    throw new TypeError('cut after');
  }
}

/** Three devices edit the same notes during pulls, with cut connections and full disks; all end alike and no line is lost. */
export async function chaos(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-sync-chaos-'));
  const server = await startServer(folder);
  try {
    const devices = Array.from({ length: DEVICES }, (_, i) => new Device(server.url, `device-${i}`));
    const ids = Array.from({ length: RECORDS }, () => randomUUID());
    await devices[0]?.client.account.signUp(ACCOUNT);
    await server.upgrade(ACCOUNT.email);
    const signedIn = await Promise.all(devices.map(({ client }) => client.account.signIn(ACCOUNT)));
    const vaultOf = (i: number): Vault => signedIn[i]?.vault ?? missing();
    const end = Date.now() + CHAOS_MS;
    const errors = new Map<string, number>();
    await Promise.all(
      devices.flatMap((device, i) => [
        repeat(end, () => device.edit(ids[randomInt(RECORDS)] ?? missing())),
        repeat(end, () =>
          device.sync(vaultOf(i)).then(
            () => undefined,
            (error: Error) => void errors.set(error.message, (errors.get(error.message) ?? 0) + 1),
          ),
        ),
      ]),
    );
    for (const device of devices) device.isFaulty = device.store.isFaulty = false;
    for (let round = 0; round < 4; round += 1)
      for (const [i, device] of devices.entries()) await device.sync(vaultOf(i));
    assertAlike(devices, ids);
    const lines = devices.reduce((sum, { written }) => sum + written.length, 0);
    process.stdout.write(
      `sync: ${lines} edits of ${DEVICES} devices, none lost; failures on the way: ${JSON.stringify([...errors])}\n`,
    );
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function assertAlike(devices: readonly Device[], ids: readonly string[]): void {
  const contents = devices.map(({ store }) =>
    ids.map((id) => linesOf(store.records.get(id)?.data).join('\n')).join('\n\n'),
  );
  if (new Set(contents).size !== 1) throw new Error('the devices differ');
  const present = new Set(contents[0]?.split('\n'));
  const lost = devices.flatMap(({ written }) => written).filter((line) => !present.has(line));
  if (lost.length > 0) throw new Error(`${lost.length} edits are lost: ${lost.slice(0, 3).join(', ')}`);
}

async function repeat(end: number, work: () => Promise<void>): Promise<void> {
  while (Date.now() < end) {
    await work();
    await new Promise((resolve) => setTimeout(resolve, randomInt(5, 60)));
  }
}

function linesOf(data: Uint8Array | null | undefined): string[] {
  return data ? new TextDecoder().decode(data).split('\n') : [];
}

function encode(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join('\n'));
}

function missing(): never {
  throw new Error('there is none');
}
