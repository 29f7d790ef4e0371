import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isId, newId, Problem } from '@adiuva/kernel';
import { ConfigurationError } from '@adiuva/config';
import { BlobStore, Database, Log, safeKey, ServerKeys, tryKey, type BlobKey } from '@adiuva/platform';
import { compareIdentity, ERASED_PREFIX, refused, type Comparison, type Marker } from './installation';

interface Identity {
  readonly id: string;
  readonly marked: boolean;
  readonly generation: number;
  readonly epoch: string;
  readonly keys: Buffer;
  /** Whether the row is where it was written, not in a restored copy. */
  readonly original: boolean;
}

const PREFIX = 'installation/';
const GENERATION_DIGITS = 10;
const SAMPLED_OBJECTS = 200;

/** Differs in a restored dump (another table or database), after a point-in-time recovery (another time line) and in another cluster. */
const INCARNATION = `concat_ws('/', (SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint()),
  (SELECT oid FROM pg_database WHERE datname = current_database()), 'installation'::regclass::oid, pg_relation_filenode('installation'))`;

const KEY_FAULT =
  'MASTER_KEY: is not the key that this database was made with. Set the right key (where MASTER_KEY is not set it is DATA_DIR/secrets/master-key: ' +
  'restore that file from a backup). To change the key, set MASTER_KEY_PREVIOUS to the former one and run `npm run admin -- rewrap-keys`.';

/**
 * The identity of an installation, in the database and in the blob store. The two are compared at the start and must be compared before
 * anything deletes objects because no row names them. The start is refused, too, where MASTER_KEY is not the one of the database.
 */
@Injectable()
export class Installation implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly keys: ServerKeys,
    private readonly log: Log,
  ) {}

  /** A blob store that does not answer is compared later, by `assertMatching`; the server starts without it, as it runs without it. */
  async onModuleInit(): Promise<void> {
    await this.openKeys();
    try {
      await this.assertMatching();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'unavailable') throw error;
      this.log.warn('installation_not_compared', { error });
    }
  }

  /**
   * Call it before each sweep. On a first start it makes the identity. Returns what `restoredAt` does. Throws `ConfigurationError` where database
   * and blob store do not belong together, `unavailable` where one of them does not answer.
   */
  async assertMatching(): Promise<Date | null> {
    await this.match();
    return this.restoredAt();
  }

  /** Belongs in every cursor that counts changes: it is another after the database was restored, also with an operator's own tools. */
  async epoch(): Promise<string> {
    const known = await this.identity();
    if (known?.original) return known.epoch;
    if (known) await this.renewEpoch(0);
    else await this.ensureRow();
    return (await this.identity())?.epoch ?? '';
  }

  /** When the last restore of the database was noticed; null when there was none. */
  async restoredAt(): Promise<Date | null> {
    const [row] = await this.database.query<{ restored_at: Date | null }>('SELECT restored_at FROM installation');
    return row?.restored_at ?? null;
  }

  /** Binds the blob store to this database, whatever the markers of the store say. The epoch is renewed. */
  async adopt(): Promise<string> {
    await this.openKeys();
    const markers = await this.markers();
    await this.ensureRow();
    await this.database.query(`UPDATE installation SET epoch = $1, incarnation = ${INCARNATION}, restored_at = now()`, [
      newId(),
    ]);
    await this.mark(Math.max(0, ...markers.map(({ generation }) => generation)));
    const identity = await this.identity();
    return identity?.id ?? '';
  }

  /** What a start would find, without a change. */
  async inspect(): Promise<Comparison> {
    const comparison = await this.compare();
    if (comparison.outcome !== 'unmarked' || !(await this.hasForeignObjects())) return comparison;
    return refused('The blob store has objects that this database does not know.');
  }

  /** Which master key opens what the database has sealed; `none` where it has sealed nothing. */
  async keyState(): Promise<'none' | 'current' | 'previous' | 'wrong'> {
    const identity = await this.identity();
    if (!identity) return 'none';
    try {
      return this.keys.reseal('installation', identity.keys, identity.id) === null ? 'current' : 'previous';
    } catch {
      return 'wrong';
    }
  }

  private async match(): Promise<void> {
    const first = await this.compare();
    // Another node may have made the identity between the reading of the two sides.
    const comparison = first.outcome === 'refused' ? await this.compare() : first;
    if (comparison.outcome === 'refused') throw new ConfigurationError([comparison.reason]);
    if (comparison.outcome === 'match') return this.advance(comparison.generation);
    if (await this.hasForeignObjects()) {
      throw new ConfigurationError([refused('The blob store has objects that this database does not know.').reason]);
    }
    await this.ensureRow();
    await this.mark(0);
  }

  private async compare() {
    const markers = await this.markers();
    return compareIdentity(await this.identity(), markers);
  }

  /** Checks MASTER_KEY against the database and takes over the keys that stay the same when MASTER_KEY changes. */
  private async openKeys(): Promise<void> {
    const identity = await this.identity();
    try {
      if (identity) return this.keys.loadLasting(identity.id, identity.keys);
      const [sample] = await this.database.query<{ user_id: string; wrapped: Buffer }>(
        'SELECT user_id, wrapped FROM user_keys LIMIT 1',
      );
      if (sample) this.keys.open('user-keys', sample.wrapped, sample.user_id);
    } catch (error) {
      throw error instanceof Problem ? error : new ConfigurationError([KEY_FAULT]);
    }
  }

  private async identity(): Promise<Identity | null> {
    const [row] = await this.database.query<Identity>(
      `SELECT id, marked, generation, epoch, keys, incarnation = ${INCARNATION} AS original FROM installation`,
    );
    return row ?? null;
  }

  private async ensureRow(): Promise<void> {
    const id = newId();
    await this.database.query(
      `INSERT INTO installation (id, epoch, incarnation, keys) VALUES ($1, $2, ${INCARNATION}, $3) ON CONFLICT (singleton) DO NOTHING`,
      [id, newId(), this.keys.sealLasting(id)],
    );
    const identity = await this.identity();
    if (identity) this.keys.loadLasting(identity.id, identity.keys);
  }

  /** Counts the start. A store that has seen more starts than the database shows that an earlier state of the database was restored. */
  private async advance(seen: number): Promise<void> {
    if (await this.renewEpoch(seen)) this.log.warn('database_restored', { count: seen });
    await this.mark(seen);
  }

  /** True where the database is a restored one; of concurrent callers one renews the epoch. */
  private async renewEpoch(seen: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH renewed AS (
         UPDATE installation SET epoch = $1, incarnation = ${INCARNATION}, generation = greatest(generation, $2), restored_at = now()
         WHERE incarnation <> ${INCARNATION} OR generation < $2 RETURNING 1)
       SELECT 1 FROM renewed`,
      [newId(), seen],
    );
    return rows.length > 0;
  }

  /** Writes the marker of the next generation, then removes every other. */
  private async mark(seen: number): Promise<void> {
    const [row] = await this.database.query<{ id: string; generation: number }>(
      `WITH marked AS (UPDATE installation SET generation = greatest(generation, $1) + 1 RETURNING id, generation)
       SELECT id, generation FROM marked`,
      [seen],
    );
    if (!row) return;
    const key = markerKey(row);
    const bytes = Buffer.from(key, 'utf8');
    await this.blobs.put(key, bytes, { maxBytes: bytes.length });
    const others = (await this.markers()).filter(({ id, generation }) => id !== row.id || generation < row.generation);
    await this.blobs.delete(others.map(markerKey));
    await this.database.query('UPDATE installation SET marked = true');
  }

  private async markers(): Promise<Marker[]> {
    const found: Marker[] = [];
    for await (const { key } of this.blobs.list(PREFIX)) {
      const [, id = '', generation = ''] = key.split('/');
      if (isId(id)) found.push({ id, generation: Number(generation) || 0 });
    }
    return found;
  }

  /** Of a store without a marker: whether what is in it belongs to users whom this database does not know. */
  private async hasForeignObjects(): Promise<boolean> {
    const owners = new Set<string>();
    let seen = 0;
    for await (const { key } of this.blobs.list('')) {
      // Of another node that starts now, and of accounts that are in no database any more.
      if (key.startsWith(PREFIX) || key.startsWith(ERASED_PREFIX)) continue;
      const owner = tryKey(key)?.split('/').find(isId);
      if (owner !== undefined) owners.add(owner);
      seen += 1;
      if (seen === SAMPLED_OBJECTS) break;
    }
    if (seen === 0) return false;
    const [row] = await this.database.query<{ users: number; known: number }>(
      `SELECT count(*)::int AS users, count(*) FILTER (WHERE id = ANY($1::uuid[]))::int AS known FROM users`,
      [[...owners]],
    );
    return !row || row.users === 0 || row.known * 2 < owners.size;
  }
}

function markerKey({ id, generation }: Marker): BlobKey {
  return safeKey('installation', id, String(generation).padStart(GENERATION_DIGITS, '0'));
}
