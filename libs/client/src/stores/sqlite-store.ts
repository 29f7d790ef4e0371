import { SyncStore, type LocalRecord, type RecordChange } from '../sync/sync-store';

/** What is needed of a SQLite library; `node:sqlite` and `better-sqlite3` have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...parameters: unknown[]): unknown;
    get(...parameters: unknown[]): unknown;
    all(...parameters: unknown[]): unknown[];
  };
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS adiuva_records (
    id TEXT PRIMARY KEY, collection TEXT NOT NULL, data BLOB, dirty INTEGER NOT NULL, version INTEGER NOT NULL,
    on_server INTEGER NOT NULL, edits INTEGER NOT NULL, sent_proof TEXT, sent_edits INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS adiuva_records_dirty ON adiuva_records (id) WHERE dirty = 1;
  CREATE TABLE IF NOT EXISTS adiuva_sync (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL);`;

interface Row {
  readonly id: string;
  readonly collection: string;
  readonly data: Uint8Array | null;
  readonly dirty: number;
  readonly version: number;
  readonly on_server: number;
  readonly edits: number;
  readonly sent_proof: string | null;
  readonly sent_edits: number | null;
}

/** Records in a SQLite database of the app, in two tables named `adiuva_…`. */
export class SqliteSyncStore extends SyncStore {
  constructor(private readonly database: SqliteDatabase) {
    super();
    database.exec(SCHEMA);
  }

  async state(): Promise<string | undefined> {
    const row = this.database.prepare('SELECT state FROM adiuva_sync').get();
    return typeof row === 'object' && row !== null && 'state' in row ? String(row.state) : undefined;
  }

  async saveState(state: string): Promise<void> {
    this.database.prepare('INSERT OR REPLACE INTO adiuva_sync (one, state) VALUES (1, ?)').run(state);
  }

  async get(id: string): Promise<LocalRecord | undefined> {
    return this.read(id);
  }

  async update(id: string, change: RecordChange): Promise<void> {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const next = change(this.read(id));
      if (next) this.replace(next);
      this.database.exec('COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  async dirtyIds(): Promise<readonly string[]> {
    return this.idsOf('SELECT id FROM adiuva_records WHERE dirty = 1 ORDER BY id');
  }

  async ids(): Promise<readonly string[]> {
    return this.idsOf('SELECT id FROM adiuva_records ORDER BY id');
  }

  override async all(): Promise<readonly LocalRecord[]> {
    return (this.database.prepare('SELECT * FROM adiuva_records ORDER BY id').all() as Row[]).map(recordOf);
  }

  private idsOf(sql: string): string[] {
    // Rows of our own table; the library does not know their type.
    return (this.database.prepare(sql).all() as Pick<Row, 'id'>[]).map(({ id }) => id);
  }

  private read(id: string): LocalRecord | undefined {
    const row = this.database.prepare('SELECT * FROM adiuva_records WHERE id = ?').get(id) as Row | null | undefined;
    return row ? recordOf(row) : undefined;
  }

  private replace({ id, table, data, dirty, version, onServer, edits, sent }: LocalRecord): void {
    this.database
      .prepare('INSERT OR REPLACE INTO adiuva_records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, table, data, Number(dirty), version, Number(onServer), edits, sent?.proof ?? null, sent?.edits ?? null);
  }
}

function recordOf({ id, collection: table, data, version, edits, ...row }: Row): LocalRecord {
  const { dirty, on_server: onServer, sent_proof: proof, sent_edits } = row;
  const sent = proof === null ? {} : { sent: { proof, edits: sent_edits ?? 0 } };
  const bytes = data && new Uint8Array(data);
  return { id, table, data: bytes, dirty: dirty === 1, version, onServer: onServer === 1, edits, ...sent };
}
