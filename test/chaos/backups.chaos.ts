import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { FakeS3 } from '../support/fakes/s3/fake-s3';
import { demand, print } from './cluster';
import { Site, storm, type SiteUser } from './site';

const ROUNDS = Number(process.argv[3] ?? 3);
const DISTURBANCES = 8;
const CLIENTS = 6;
const CHUNK = 40_000;
const BUCKET_FAULTS = ['down', 'cut', 'answer_lost', 'failing', 'slow'] as const;

type State = 'live' | 'trash';

interface Known {
  readonly checksum: string;
  /** What the answers allow. */
  states: readonly State[];
}

interface Listed {
  readonly id: string;
  readonly checksum: string;
}

/**
 * `npm run test:chaos -- backups [ROUNDS]`: clients store backups in one body and in chunks, delete and restore them, while servers, database and
 * bucket fail. In the end each acknowledged backup is listed and readable, and after a sweep the bucket has what rows name and nothing else.
 */
export async function chaos(): Promise<void> {
  const s3 = await new FakeS3().start();
  const site = await Site.start({
    ...s3.settings,
    BLOB_RELEASE_SECONDS: '0',
    BLOB_ORPHAN_MINUTES: '0',
  });
  try {
    const clients: BackupClient[] = [];
    for (let n = 0; n < CLIENTS; n += 1) clients.push(new BackupClient(site, await site.user()));
    for (let round = 1; round <= ROUNDS; round += 1) {
      const steps = clients.map((client) => () => client.step());
      await storm(steps, DISTURBANCES, () => disturb(site, s3));
      await site.ready();
      await site.releaseJobs();
      const acknowledged = clients.reduce((sum, client) => sum + client.acknowledged, 0);
      print(`round ${round}: ${acknowledged} acknowledged backups; restarts: ${site.restarts.join(', ')}`);
      for (const client of clients) await client.judge();
      await judgeSweep(site, s3);
      for (const client of clients) await client.judge();
    }
  } finally {
    await site.stop();
    await s3.stop();
  }
}

async function disturb(site: Site, s3: FakeS3): Promise<void> {
  const dice = randomInt(10);
  if (dice < 4) await site.killNode();
  else if (dice < 6) site.crashDatabase();
  else s3.suffer({ kind: BUCKET_FAULTS[randomInt(BUCKET_FAULTS.length)] ?? 'down', ms: 300 });
  await pause(1_000 + randomInt(2_000));
  s3.heal();
  await pause(500);
}

/** As days later: unfinished uploads are aborted, marked orphans are deleted. */
async function judgeSweep(site: Site, s3: FakeS3): Promise<void> {
  // The lease of a process that was killed while it completed an upload has lapsed too.
  await site.rows(
    `UPDATE backup_uploads SET expires_at = now() - interval '1 day', lease_until = lease_until - interval '1 day'`,
  );
  await site.runJob('expire_backups');
  await site.runJob('sweep_backups');
  await site.rows(`UPDATE orphaned_objects SET found_at = found_at - interval '9 days'`);
  await site.runJob('sweep_backups');
  const rows = await site.rows<{ id: string }>('SELECT id FROM backups');
  const named = new Set(rows.map(({ id }) => id));
  const left = [...s3.bucket.objects.keys()].filter((key) => !key.startsWith('installation/'));
  const orphans = left.filter((key) => !key.split('/').some((part) => named.has(part)));
  // Of so great a share a sweep deletes nothing.
  const refused = orphans.length > Math.max(5, left.length * 0.2);
  demand(
    orphans.length === 0 || refused,
    `${orphans.length} objects of no backup are left: ${orphans.slice(0, 5).join(', ')}`,
  );
}

class BackupClient {
  acknowledged = 0;
  private readonly known = new Map<string, Known>();
  /** Checksums whose answer was lost. */
  private readonly unanswered = new Set<string>();

  constructor(
    private readonly site: Site,
    private readonly user: SiteUser,
  ) {}

  async step(): Promise<void> {
    const dice = randomInt(10);
    const ids = [...this.known.keys()];
    const id = ids[randomInt(Math.max(1, ids.length))];
    if (dice < 3) return this.putWhole(randomBytes(1 + randomInt(100_000)));
    if (dice < 6) return this.putChunks(randomBytes(CHUNK + 1 + randomInt(3 * CHUNK)));
    if (id === undefined) return;
    if (dice < 8) return this.read(id);
    const action = dice === 8 ? ('trash' as const) : ('live' as const);
    const [method, path] = action === 'trash' ? ['DELETE', `/backup/${id}`] : ['POST', `/backup/${id}/restore`];
    const { status } = await this.site.call(method ?? '', path ?? '', this.user, {});
    demand([0, 200, 503].includes(status), `${method} ${path} was answered ${status}`);
    const known = this.known.get(id);
    if (known) known.states = status === 200 ? [action] : [...known.states, action];
  }

  async judge(): Promise<void> {
    const listed = async (query: string) =>
      (await this.site.must('GET', `/backup/history${query}`, this.user)).json as unknown as Listed[];
    const [live, trash] = [await listed(''), await listed('?trash=true')];
    const found = new Map<string, { readonly checksum: string; readonly state: State }>();
    for (const { id, checksum } of trash) found.set(id, { checksum, state: 'trash' });
    for (const { id, checksum } of live) found.set(id, { checksum, state: 'live' });
    for (const [id, { checksum, states }] of this.known) {
      const there = found.get(id);
      demand(there?.checksum === checksum, `the acknowledged backup ${id} is gone`);
      demand(
        there !== undefined && states.includes(there.state),
        `${id} is ${there?.state}, not ${states.join(' or ')}`,
      );
    }
    for (const [id, { checksum, state }] of found) {
      if (!this.known.has(id)) demand(this.unanswered.has(checksum), `${id} is a backup that no client has sent`);
      this.known.set(id, { checksum, states: [state] });
      if (state === 'live') await this.read(id);
    }
    const [sum] = await this.site.rows<{ bytes: string; usage: string }>(
      `SELECT (SELECT coalesce(sum(size_bytes), 0) FROM backups WHERE user_id = $1) AS bytes, backups_bytes AS usage FROM storage_usage WHERE user_id = $1`,
      [this.user.id],
    );
    demand(sum === undefined || sum.bytes === sum.usage, `usage: ${JSON.stringify(sum)}`);
  }

  private async putWhole(bytes: Buffer): Promise<void> {
    const headers = { 'x-backup-version': '1', 'x-backup-timestamp': '1', 'x-backup-checksum': sha256(bytes) };
    const answer = await this.site.call('PUT', '/backup', this.user, bytes, headers);
    this.note(answer.status, String(answer.json['id']), bytes);
  }

  /** Aborted after some failures, as by a client that is switched off. */
  private async putChunks(bytes: Buffer): Promise<void> {
    const plan = { version: '1', timestamp: 1, checksum: sha256(bytes), size_bytes: bytes.length, chunk_size: CHUNK };
    const { status, json } = await this.site.call('POST', '/backup/uploads', this.user, plan);
    demand([0, 200, 503].includes(status), `an upload was answered ${status} ${JSON.stringify(json)}`);
    if (status !== 200) return;
    const path = `/backup/uploads/${String(json['id'])}`;
    for (let n = 0, tries = 0; n * CHUNK < bytes.length && tries < 12; tries += 1) {
      const chunk = bytes.subarray(n * CHUNK, (n + 1) * CHUNK);
      const sent = await this.site.call('PUT', `${path}/chunks/${n}`, this.user, chunk, {
        'x-checksum': sha256(chunk),
      });
      demand([0, 200, 503].includes(sent.status), `a chunk was answered ${sent.status} ${sent.bytes.toString()}`);
      if (sent.status === 200) n += 1;
      else await pause(200);
    }
    const done = await this.site.call('POST', `${path}/complete`, this.user, {});
    if (done.status === 409 || done.status === 422) return;
    this.note(done.status, String(json['id']), bytes);
  }

  private async read(id: string): Promise<void> {
    const { status, bytes } = await this.site.call('GET', `/backup/${id}`, this.user);
    const known = this.known.get(id);
    if (!known) return;
    if (status === 404) demand(known.states.includes('trash'), `${id} is 404, and was never deleted`);
    else if (status === 200) demand(sha256(bytes) === known.checksum, `${id} was served with other bytes`);
    else demand(status === 0 || status === 503, `${id} was answered ${status} ${bytes.toString()}`);
  }

  private note(status: number, id: string, bytes: Buffer): void {
    demand([0, 200, 503].includes(status), `a backup was answered ${status}`);
    if (status !== 200) return void this.unanswered.add(sha256(bytes));
    this.acknowledged += 1;
    this.known.set(id, { checksum: sha256(bytes), states: ['live'] });
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
