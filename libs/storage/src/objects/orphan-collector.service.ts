import { Injectable } from '@nestjs/common';
import { BlobStore, Database, Log, type BlobEntry, type BlobKey } from '@adiuva/platform';
import { readKey } from '../records/record-key';
import { StorageConfig } from '../storage.config';

export interface SweepReport {
  /** Objects of records in the store. */
  readonly seen: number;
  /** Those among them that no row names and that are old enough not to belong to a write under way. */
  readonly orphans: number;
  readonly orphanBytes: number;
  readonly removed: number;
  /** Uploads in parts and half-written files that were given up long ago. */
  readonly unfinished: number;
}

/** Rows that have lost their object. Nothing heals them; somebody must know. */
export interface LossReport {
  readonly records: number;
  readonly lost: readonly { readonly userId: string; readonly id: string }[];
}

const AT_ONCE = 500;
const UNFINISHED_DAYS = 7;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** More orphans than this, and more than a fifth of all: it is rather the database that is wrong, restored from an old backup perhaps. */
const PLAUSIBLE_ORPHANS = 1_000;
const PLAUSIBLE_SHARE = 0.2;

/** Holds the objects in the store against the rows that name them. */
@Injectable()
export class OrphanCollector {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly config: StorageConfig,
    private readonly log: Log,
  ) {}

  /** Counts first. Removes orphans only where it is asked to, and only as many as is plausible. */
  async run(options: { readonly dryRun: boolean; readonly force?: boolean }): Promise<SweepReport> {
    const found = await this.pass(true);
    const unfinished = await this.blobs.dropUnfinished(new Date(Date.now() - UNFINISHED_DAYS * DAY_MS), options.dryRun);
    const implausible = found.orphans > PLAUSIBLE_ORPHANS && found.orphans > found.seen * PLAUSIBLE_SHARE;
    if (implausible && options.force !== true)
      this.log.error('sweep_refused', { count: found.orphans, bytes: found.orphanBytes });
    if (options.dryRun || found.orphans === 0 || (implausible && options.force !== true))
      return { ...found, unfinished };
    const { removed } = await this.pass(false);
    this.log.info('sweep_done', { count: removed, bytes: found.orphanBytes });
    return { ...found, removed, unfinished };
  }

  /** Looks for every living record's object. Asks the store once for each record, so it is for operators, not for every night. */
  async losses(): Promise<LossReport> {
    const lost: { userId: string; id: string }[] = [];
    let records = 0;
    for (let after = ['', '']; ;) {
      const rows = await this.database.query<{ user_id: string; id: string; object_key: string }>(
        `SELECT user_id, id, object_key FROM records WHERE deleted_at IS NULL AND (user_id::text, id::text) > ($1, $2)
         ORDER BY user_id::text, id::text LIMIT ${AT_ONCE}`,
        after,
      );
      const last = rows.at(-1);
      if (!last) return { records, lost };
      for (const row of rows) {
        const key = readKey(row.object_key);
        if (!key || !(await this.blobs.head(key.key))) lost.push({ userId: row.user_id, id: row.id });
      }
      records += rows.length;
      after = [last.user_id, last.id];
    }
  }

  private async pass(dryRun: boolean): Promise<Omit<SweepReport, 'unfinished'>> {
    const report = { seen: 0, orphans: 0, orphanBytes: 0, removed: 0 };
    const oldEnough = new Date(Date.now() - this.config.BLOB_ORPHAN_MINUTES * MINUTE_MS);
    let group: BlobEntry[] = [];
    const settle = async (): Promise<void> => {
      const orphans = await this.orphansAmong(group.filter((entry) => entry.modifiedAt <= oldEnough));
      report.orphans += orphans.length;
      report.orphanBytes += orphans.reduce((sum, orphan) => sum + orphan.size, 0);
      if (!dryRun) {
        await this.blobs.delete(orphans.map((orphan) => orphan.key));
        report.removed += orphans.length;
      }
      group = [];
    };
    for await (const entry of this.blobs.list('')) {
      if (!readKey(entry.key)) continue;
      report.seen += 1;
      if (group.push(entry) === AT_ONCE) await settle();
    }
    await settle();
    return report;
  }

  /** Those that neither a record nor the list of released objects names. */
  private async orphansAmong(entries: readonly BlobEntry[]): Promise<{ key: BlobKey; size: number }[]> {
    const keys = entries.flatMap((entry) => {
      const key = readKey(entry.key);
      return key ? [{ ...key, size: entry.size }] : [];
    });
    const rows = await this.database.query<{ object_key: string }>(
      `SELECT r.object_key FROM unnest($1::uuid[], $2::uuid[]) AS k (user_id, id) JOIN records r ON r.user_id = k.user_id AND r.id = k.id
       WHERE r.object_key IS NOT NULL
       UNION ALL SELECT object_key FROM released_objects WHERE object_key = ANY($3)`,
      [keys.map((key) => key.userId), keys.map((key) => key.id), keys.map((key) => key.key)],
    );
    const named = new Set(rows.map((row) => row.object_key));
    return keys.filter((key) => !named.has(key.key));
  }
}
