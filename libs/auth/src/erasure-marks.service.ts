import { Injectable } from '@nestjs/common';
import { isId } from '@adiuva/kernel';
import { BlobStore, Database, Log, safeKey } from '@adiuva/platform';
import { AuthErasure } from './auth.erasure';
import { ERASED_PREFIX } from './installation';
import { Installation } from './installation.service';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** So long after a restore the marks are compared with the accounts. */
const REPEATED_MS = 7 * DAY_MS;
const BATCH_SIZE = 500;

/** Marks of erased accounts in the blob store. A restored database has accounts that were erased since its copy was made; they are erased again. */
@Injectable()
export class ErasureMarks {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly installation: Installation,
    private readonly erasure: AuthErasure,
    private readonly log: Log,
  ) {}

  /** Marks an account that is being erased, once. */
  async erase(userId: string): Promise<void> {
    const key = safeKey('erased', userId);
    if (await this.blobs.head(key)) return;
    const bytes = Buffer.from(userId, 'utf8');
    await this.blobs.put(key, bytes, { maxBytes: bytes.length });
  }

  /** How many accounts came back by a restore and are erased again. */
  async repeat(signal?: AbortSignal): Promise<number> {
    const restoredAt = await this.installation.restoredAt();
    if (restoredAt === null || restoredAt.getTime() < Date.now() - REPEATED_MS) return 0;
    let [repeated, batch]: [number, string[]] = [0, []];
    for await (const { key } of this.blobs.list(ERASED_PREFIX)) {
      signal?.throwIfAborted();
      const userId = key.slice(ERASED_PREFIX.length);
      if (!isId(userId) || batch.push(userId) < BATCH_SIZE) continue;
      repeated += await this.eraseLiving(batch);
      batch = [];
    }
    repeated += await this.eraseLiving(batch);
    if (repeated > 0) this.log.warn('erasures_repeated', { count: repeated });
    return repeated;
  }

  private async eraseLiving(userIds: readonly string[]): Promise<number> {
    const alive = await this.database.query<{ id: string }>(
      'SELECT id FROM users WHERE id = ANY($1::uuid[]) AND erased_at IS NULL',
      [userIds],
    );
    let repeated = 0;
    for (const { id } of alive) if (await this.eraseAgain(id)) repeated += 1;
    return repeated;
  }

  private eraseAgain(userId: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const alive = await tx.query<unknown[]>('SELECT 1 FROM users WHERE id = $1 AND erased_at IS NULL FOR UPDATE', [
        userId,
      ]);
      if (alive.length > 0) await this.erasure.begin(tx, userId, null);
      return alive.length > 0;
    });
  }
}
