import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { withDatabase } from '../support/database';
import { freePort, NodeProcess } from '../support/processes/node-process';
import { demand, print } from './cluster';
import { Site, type SiteUser } from './site';
import { sha256 } from './writer';

const ROUNDS = Number(process.argv[3] ?? 3);
const SWEEPS = ['storage_sweep_objects', 'sweep_backups', 'sweep_plugin_packages'];
const STEPS = 10;

/** What a database names, as the clients were told when its copy was made. */
type Ledger = ReadonlyMap<string, string>;

/**
 * `npm run test:chaos -- sweeps [ROUNDS]`: records and backups, and an operator who restores older databases, exchanges database and blob store for
 * foreign and empty ones, and lets days of sweeps pass, which are killed in the middle. Whatever the database in place names stays readable.
 */
export async function chaos(): Promise<void> {
  // The same key, so that only the identities differ.
  const keys = { MASTER_KEY: randomBytes(32).toString('hex') };
  const site = await Site.start({ ...keys, BLOB_RELEASE_SECONDS: '0', BLOB_ORPHAN_MINUTES: '0' }, 1);
  const foreign = await Site.start(keys, 1);
  try {
    const operator = await Operator.start(site, foreign);
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (let step = 0; step < STEPS; step += 1) await operator.step();
      print(`round ${round}: ${operator.summary()}`);
    }
  } finally {
    await foreign.stop();
    await site.stop();
  }
}

class Operator {
  private last = '';
  private ledger = new Map<string, string>();
  private readonly copies: { readonly name: string; readonly ledger: Ledger }[] = [];
  private readonly counts = new Map<string, number>();

  private constructor(
    private readonly site: Site,
    private readonly foreign: Site,
    private readonly user: SiteUser,
  ) {}

  static async start(site: Site, foreign: Site): Promise<Operator> {
    const stranger = await foreign.user();
    for (let n = 0; n < 10; n += 1) {
      const bytes = randomBytes(100);
      await foreign.must('POST', '/storage/records', stranger, bytes, recordHeaders(bytes));
    }
    const operator = new Operator(site, foreign, await site.user());
    for (let n = 0; n < 20; n += 1) await operator.write();
    return operator;
  }

  summary(): string {
    const counted = [...this.counts].sort().map(([name, times]) => `${times} x ${name}`);
    return `${this.ledger.size} records and backups; ${counted.join(', ')}`;
  }

  async step(): Promise<void> {
    const dice = randomInt(10);
    if (dice < 2) await this.count('copy of the database', this.copy());
    else if (dice < 4 && this.copies.length > 0) await this.count('restore', this.restore());
    else if (dice < 5) await this.count('foreign database', this.foreignDatabase());
    else if (dice < 6) await this.count('foreign blobs', this.foreignBlobs(false));
    else if (dice < 7) await this.count('empty blobs', this.foreignBlobs(true));
    else await this.count('days of sweeps', this.sweeps());
    for (let n = 0; n < 4; n += 1) await this.write();
    await this.judge();
    print(`  holds after ${this.last}`);
  }

  /** As a dump: what the ledger has now is what it names. */
  private async copy(): Promise<void> {
    const name = `copy_${this.copies.length}`;
    await this.stopped(async () => this.onServer(`CREATE DATABASE ${name} TEMPLATE ${this.databaseName}`));
    this.copies.push({ name, ledger: new Map(this.ledger) });
  }

  /** The copy takes the place of the database, as an operator's own tools would do it. What objects were deleted meanwhile are lost to it. */
  private async restore(): Promise<void> {
    const copy = this.copies[randomInt(this.copies.length)];
    if (!copy) return;
    await this.stopped(async () => {
      await this.onServer(`DROP DATABASE ${this.databaseName} WITH (FORCE)`);
      await this.onServer(`CREATE DATABASE ${this.databaseName} TEMPLATE ${copy.name}`);
    });
    this.ledger = new Map(copy.ledger);
    await this.forgetLost();
  }

  /** Days, in which each sweep runs each night; one of them is killed in the middle. */
  private async sweeps(): Promise<void> {
    for (let night = 0; night < 4; night += 1) {
      await this.site.rows(
        `UPDATE orphaned_objects SET found_at = found_at - interval '3 days', seen_at = seen_at - interval '3 days'`,
      );
      await this.site.releaseJobs();
      for (const name of SWEEPS) await this.site.rows(`SELECT graphile_worker.add_job($1, '{}'::json)`, [name]);
      if (randomInt(3) === 0) {
        await pause(randomInt(300));
        await this.site.killNode();
      }
      await pause(3_100);
      await this.site.releaseJobs();
      for (const name of SWEEPS) await this.site.finishJobs(name);
    }
  }

  /** The blobs of this installation beside the database of another: the start is refused, and nothing is deleted. */
  private async foreignDatabase(): Promise<void> {
    await this.stopped(() =>
      this.refused({ ...this.site.settings, DATABASE_URL: this.foreign.settings['DATABASE_URL'] ?? '' }),
    );
  }

  private async foreignBlobs(empty: boolean): Promise<void> {
    const [own, aside] = [join(this.site.folder, 'blobs'), join(this.site.folder, 'blobs-aside')];
    demand(existsSync(own), 'the blob store is elsewhere');
    await this.stopped(async () => {
      await rename(own, aside);
      if (empty) await mkdir(own);
      else await cp(join(this.foreign.folder, 'blobs'), own, { recursive: true });
      await this.refused(this.site.settings);
      await rm(own, { recursive: true });
      await rename(aside, own);
    });
  }

  private async refused(settings: Readonly<Record<string, string>>): Promise<void> {
    const node = new NodeProcess('dist/apps/api/src/start.js', { ...settings, LOG_LEVEL: 'silent' }, await freePort());
    const outcome = await node.start().then(
      () => 'started',
      () => 'refused',
    );
    await node.kill();
    demand(outcome === 'refused', 'a server starts on stores that do not belong together');
  }

  private async write(): Promise<void> {
    const known = [...this.ledger.keys()];
    const old = known[randomInt(Math.max(1, known.length))];
    const dice = randomInt(10);
    if (old !== undefined && dice === 0 && old.startsWith('/storage')) {
      await this.site.must('DELETE', old, this.user);
      this.ledger.delete(old);
      return;
    }
    const bytes = randomBytes(1 + randomInt(2_000));
    if (old !== undefined && dice < 4 && old.startsWith('/storage')) {
      await this.site.must('PUT', old, this.user, bytes, { 'x-checksum': sha256(bytes) });
      this.ledger.set(old, sha256(bytes));
      return;
    }
    if (dice < 8) {
      const { json } = await this.site.must('POST', '/storage/records', this.user, bytes, recordHeaders(bytes));
      this.ledger.set(`/storage/records/${String(json['id'])}`, sha256(bytes));
      return;
    }
    const headers = { 'x-backup-version': '1', 'x-backup-timestamp': '1', 'x-backup-checksum': sha256(bytes) };
    const { json } = await this.site.must('PUT', '/backup', this.user, bytes, headers);
    this.ledger.set(`/backup/${String(json['id'])}`, sha256(bytes));
  }

  private async judge(): Promise<void> {
    for (const [path, checksum] of this.ledger) {
      const { status, bytes } = await this.site.call('GET', path, this.user);
      demand(status === 200 && sha256(bytes) === checksum, `${path} is lost: ${status}`);
    }
  }

  /** Objects that the newer database had released were deleted before the restore; no sweep took them. */
  private async forgetLost(): Promise<void> {
    let lost = 0;
    for (const path of [...this.ledger.keys()]) {
      const { status } = await this.site.call('GET', path, this.user);
      if (status === 200) continue;
      this.ledger.delete(path);
      lost += 1;
    }
    this.counts.set(
      'lost to releases before a restore',
      (this.counts.get('lost to releases before a restore') ?? 0) + lost,
    );
  }

  private async stopped(work: () => Promise<unknown>): Promise<void> {
    const [node] = this.site.nodes;
    await node?.kill();
    await this.site.idle();
    await work();
    await node?.start();
  }

  private async count(name: string, work: Promise<void>): Promise<void> {
    await work;
    this.last = name;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  private get databaseName(): string {
    return new URL(this.site.settings['DATABASE_URL'] ?? '').pathname.slice(1);
  }

  private async onServer(statement: string): Promise<void> {
    const client = new Client({ connectionString: withDatabase(this.site.settings['DATABASE_URL'] ?? '', 'postgres') });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }
}

function recordHeaders(bytes: Buffer): Record<string, string> {
  return { 'x-table': 'notes', 'x-checksum': sha256(bytes) };
}
