import { Injectable } from '@nestjs/common';
import { BlobStore, type BlobEntry } from '../blobs/blob-store.port';
import { BlobConfig } from '../blobs/blobs.config';
import { ObjectDeletion } from '../blobs/object-deletion.service';
import type { BlobKey } from '../blobs/safe-key';
import { Database } from '../database/database.service';
import { Log } from '../logging/log.service';

/** Which objects a sweep covers, and how to tell whether they are used. */
export interface OrphanRule {
  /** Names the sweep in marks and logs. */
  readonly kind: string;
  readonly prefix: string;
  /** When the database was last restored; null where it never was. Throws where database and blob store do not belong together. */
  verify(): Promise<Date | null>;
  /** The key, where the object is one of these; null for any other. */
  parse(key: string): BlobKey | null;
  /** Those of the keys that a row names. */
  named(keys: readonly BlobKey[]): Promise<ReadonlySet<string>>;
}

export interface SweepOptions {
  readonly dryRun: boolean;
  /** Deletes although the share of orphans is implausible. */
  readonly force?: boolean;
}

export interface SweepReport {
  /** Objects of this kind in the store. */
  readonly seen: number;
  /** Those that no row names and that are old enough not to belong to a write in progress. */
  readonly orphans: number;
  readonly orphanBytes: number;
  readonly removed: number;
  /** Whether so many objects are orphans that nothing is deleted. */
  readonly refused: boolean;
  /** Uploads in parts and half-written files that were abandoned long ago. */
  readonly unfinished: number;
}

const BATCH_SIZE = 500;
const MINUTE_MS = 60_000;
/** Later than the end of every upload. */
const UNFINISHED_MS = 8 * 24 * 60 * MINUTE_MS;
/** A greater share than this, or all of a store, shows that the database is wrong rather than the store: restored from an old backup perhaps. */
const MAX_SHARE = 0.2;
/** So few objects are plausible orphans of a small store. */
const FEW = 5;

/**
 * Deletes objects that no row names. Found orphans are marked first, and deleted by a sweep days later if no row has named them since. Before
 * each sweep the identity of the installation is verified.
 */
@Injectable()
export class OrphanSweep {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly deletion: ObjectDeletion,
    private readonly config: BlobConfig,
    private readonly log: Log,
  ) {}

  async run(rule: OrphanRule, { dryRun, force = false }: SweepOptions, signal?: AbortSignal): Promise<SweepReport> {
    const restoredAt = await rule.verify();
    if (restoredAt !== null && !dryRun) await this.forgetMarks(rule, restoredAt);
    const [start] = await this.database.query<{ now: Date }>('SELECT now() AS now');
    const found = await this.markAll(rule, dryRun, signal);
    const refused = isImplausible(found);
    if (refused) this.log.error('sweep_refused', { rule: rule.kind, count: found.orphans, bytes: found.orphanBytes });
    const unfinished = await this.blobs.dropUnfinished(new Date(Date.now() - UNFINISHED_MS), dryRun);
    const removed = dryRun ? 0 : await this.removeMarked(rule, start?.now ?? new Date(0), refused && !force, signal);
    this.log.info('sweep_seen', { rule: rule.kind, count: found.seen });
    this.log.info('sweep_orphans', { rule: rule.kind, count: found.orphans, bytes: found.orphanBytes });
    this.log.info('sweep_removed', { rule: rule.kind, count: removed });
    return { ...found, removed, refused, unfinished };
  }

  /** A restored database has old marks, and its objects must be orphans for days from now on: a newer database may yet be put back. */
  private async forgetMarks(rule: OrphanRule, restoredAt: Date): Promise<void> {
    await this.database.query('DELETE FROM orphaned_objects WHERE kind = $1 AND found_at < $2', [
      rule.kind,
      restoredAt,
    ]);
  }

  private async markAll(rule: OrphanRule, dryRun: boolean, signal?: AbortSignal): Promise<Found> {
    const found = { seen: 0, orphans: 0, orphanBytes: 0 };
    const before = new Date(Date.now() - this.config.BLOB_ORPHAN_MINUTES * MINUTE_MS);
    let batch: Candidate[] = [];
    const flush = async (): Promise<void> => {
      const named = await rule.named(batch.map(({ key }) => key));
      const orphans = batch.filter(({ key, entry }) => !named.has(key) && entry.modifiedAt <= before);
      found.orphans += orphans.length;
      found.orphanBytes += orphans.reduce((sum, { entry }) => sum + entry.size, 0);
      if (!dryRun) await this.mark(rule, [...named], orphans);
      batch = [];
    };
    for await (const entry of this.blobs.list(rule.prefix)) {
      signal?.throwIfAborted();
      const key = rule.parse(entry.key);
      if (key === null) continue;
      found.seen += 1;
      if (batch.push({ key, entry }) === BATCH_SIZE) await flush();
    }
    await flush();
    return found;
  }

  private async mark(rule: OrphanRule, named: readonly string[], orphans: readonly Candidate[]): Promise<void> {
    await this.database.query('DELETE FROM orphaned_objects WHERE object_key = ANY($1::text[])', [named]);
    await this.database.query(
      `INSERT INTO orphaned_objects (object_key, kind) SELECT unnest($1::text[]), $2
       ON CONFLICT (object_key) DO UPDATE SET seen_at = now()`,
      [orphans.map(({ key }) => key), rule.kind],
    );
  }

  /** Deletes what has been marked for days, and the marks of objects that are gone. */
  private async removeMarked(rule: OrphanRule, start: Date, refused: boolean, signal?: AbortSignal): Promise<number> {
    await this.database.query('DELETE FROM orphaned_objects WHERE kind = $1 AND seen_at < $2', [rule.kind, start]);
    let removed = 0;
    while (!refused && signal?.aborted !== true) {
      const due = await this.database.query<{ object_key: string }>(
        `SELECT object_key FROM orphaned_objects WHERE kind = $1 AND found_at <= now() - make_interval(days => $2)
         ORDER BY found_at LIMIT ${BATCH_SIZE}`,
        [rule.kind, this.config.BLOB_ORPHAN_DAYS],
      );
      if (due.length === 0) break;
      const keys = due.flatMap(({ object_key }) => rule.parse(object_key) ?? []);
      const named = await rule.named(keys);
      const orphans = keys.filter((key) => !named.has(key));
      if (!(await this.deletion.tryDelete(orphans))) break;
      const parameters = [due.map(({ object_key }) => object_key)];
      await this.database.query('DELETE FROM orphaned_objects WHERE object_key = ANY($1::text[])', parameters);
      removed += orphans.length;
    }
    return removed;
  }
}

interface Candidate {
  readonly key: BlobKey;
  readonly entry: BlobEntry;
}

type Found = Pick<SweepReport, 'seen' | 'orphans' | 'orphanBytes'>;

function isImplausible({ seen, orphans }: Found): boolean {
  return orphans > 0 && (orphans === seen || orphans > Math.max(FEW, seen * MAX_SHARE));
}
