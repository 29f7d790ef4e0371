import { Injectable } from '@nestjs/common';
import { Installation } from '@adiuva/auth';
import {
  BlobStore,
  Database,
  OrphanSweep,
  type BlobKey,
  type OrphanRule,
  type SweepOptions,
  type SweepReport,
} from '@adiuva/platform';
import { parseRecordKey } from '../records/record-key';

/** Rows that have lost their object. They cannot be repaired; an operator must know. */
export interface LossReport {
  readonly records: number;
  readonly lost: readonly { readonly userId: string; readonly id: string }[];
}

const BATCH_SIZE = 500;

/** Compares the objects of records in the store with the rows that name them. */
@Injectable()
export class OrphanCollector implements OrphanRule {
  readonly kind = 'records';
  readonly prefix = '';

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly sweep: OrphanSweep,
    private readonly installation: Installation,
  ) {}

  run(options: SweepOptions, signal?: AbortSignal): Promise<SweepReport> {
    return this.sweep.run(this, options, signal);
  }

  /** Checks every living record's object. One request to the store for each record, so it is for operators, not for every night. */
  async losses(): Promise<LossReport> {
    const lost: { userId: string; id: string }[] = [];
    let records = 0;
    for (let after = ['', '']; ;) {
      const rows = await this.database.query<{ user_id: string; id: string; object_key: string }>(
        `SELECT user_id, id, object_key FROM records WHERE deleted_at IS NULL AND (user_id::text, id::text) > ($1, $2)
         ORDER BY user_id::text, id::text LIMIT ${BATCH_SIZE}`,
        after,
      );
      const last = rows.at(-1);
      if (!last) return { records, lost };
      for (const row of rows) {
        const key = this.parse(row.object_key);
        if (!key || !(await this.blobs.head(key))) lost.push({ userId: row.user_id, id: row.id });
      }
      records += rows.length;
      after = [last.user_id, last.id];
    }
  }

  verify(): Promise<Date | null> {
    return this.installation.assertMatching();
  }

  parse(key: string): BlobKey | null {
    return parseRecordKey(key)?.key ?? null;
  }

  /** Those that a record or the list of released objects names. */
  async named(keys: readonly BlobKey[]): Promise<ReadonlySet<string>> {
    const parsed = keys.flatMap((key) => parseRecordKey(key) ?? []);
    const rows = await this.database.query<{ object_key: string }>(
      `SELECT r.object_key FROM unnest($1::uuid[], $2::uuid[]) AS k (user_id, id) JOIN records r ON r.user_id = k.user_id AND r.id = k.id
       WHERE r.object_key IS NOT NULL
       UNION ALL SELECT object_key FROM released_objects WHERE object_key = ANY($3::text[])`,
      [parsed.map(({ userId }) => userId), parsed.map(({ id }) => id), keys],
    );
    return new Set(rows.map((row) => row.object_key));
  }
}
