import { Injectable } from '@nestjs/common';
import { Database, type Reader, type Tx } from '@adiuva/platform';
import type { Collection, SketchForm, CollectionMode } from './collection';

interface Fields {
  readonly name: string;
  readonly mode: CollectionMode;
  readonly epoch: number;
  readonly form: SketchForm | null;
  readonly previous_epoch: number | null;
  readonly previous_form: SketchForm | null;
  readonly wrapped_keys: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const COLUMNS = 'name, mode, epoch, form, previous_epoch, previous_form, wrapped_keys, created_at, updated_at';

/** Rows of collections. A deleted one is as if it had never been, but for its change feed. */
@Injectable()
export class CollectionStore {
  constructor(private readonly database: Database) {}

  async list(userId: string, tx?: Tx): Promise<Collection[]> {
    return (await this.select(tx, userId)).map(collectionOf);
  }

  async find(userId: string, name: string, tx?: Tx): Promise<Collection | undefined> {
    const [fields] = await this.select(tx, userId, name);
    return fields && collectionOf(fields);
  }

  /** The user's ledger row must be locked: it is what keeps two writers of one collection apart. */
  async save(tx: Tx, userId: string, collection: Collection): Promise<void> {
    const json = (form: SketchForm | null): string | null => form && JSON.stringify(form);
    await tx.query(
      `INSERT INTO vector_collections AS c (user_id, name, mode, epoch, form, previous_epoch, previous_form, wrapped_keys, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (user_id, name) DO UPDATE SET mode = $3, epoch = $4, form = $5, previous_epoch = $6, previous_form = $7, wrapped_keys = $8,
         created_at = $9, updated_at = $10, deleted_at = NULL`,
      [
        ...[
          userId,
          collection.name,
          collection.mode,
          collection.epoch,
          json(collection.form),
          collection.previousEpoch,
        ],
        ...[json(collection.previousForm), collection.wrappedKeys, collection.createdAt, collection.updatedAt],
      ],
    );
  }

  async delete(tx: Tx, userId: string, name: string): Promise<void> {
    await tx.query('UPDATE vector_collections SET deleted_at = now() WHERE user_id = $1 AND name = $2', [userId, name]);
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM vector_collections WHERE user_id = $1', [userId]);
  }

  private async select(tx: Tx | undefined, userId: string, name?: string): Promise<Fields[]> {
    const sql = `SELECT ${COLUMNS} FROM vector_collections
                 WHERE user_id = $1 AND deleted_at IS NULL AND ($2::text IS NULL OR name = $2) ORDER BY name`;
    const run = (reader: Reader): Promise<Fields[]> => reader.query<Fields[]>(sql, [userId, name ?? null]);
    return tx ? run(tx) : this.database.read(run);
  }
}

function collectionOf(fields: Fields): Collection {
  return {
    name: fields.name,
    mode: fields.mode,
    epoch: fields.epoch,
    form: fields.form,
    previousEpoch: fields.previous_epoch,
    previousForm: fields.previous_form,
    wrappedKeys: fields.wrapped_keys,
    createdAt: fields.created_at,
    updatedAt: fields.updated_at,
  };
}
