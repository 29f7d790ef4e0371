import { randomBytes, randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { checksumOf } from '@adiuva/kernel';
import type { TestApp, TestUser } from '../support/app';

export interface KnownRecord {
  readonly id: string;
  readonly version: number;
  readonly bytes: Buffer;
}

/** Ciphertext for all that the server can tell. */
export function cipher(size = 200): Buffer {
  return randomBytes(size);
}

export function contentOf(bytes: Buffer): { blob: string; checksum: string } {
  return { blob: bytes.toString('base64'), checksum: checksumOf(bytes) };
}

/** What a client of the record routes does, without any expectation of its own. */
export class RecordClient {
  constructor(
    private readonly app: TestApp,
    readonly user: TestUser,
  ) {}

  create(bytes: Buffer, extra: Record<string, unknown> = {}): Promise<Response> {
    return this.app.call('post', '/storage/records', this.user).send({ table: 'notes', ...contentOf(bytes), ...extra });
  }

  stream(bytes: Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return this.app
      .call('post', '/storage/records', this.user)
      .set({
        'Content-Type': 'application/octet-stream',
        'X-Table': 'notes',
        'X-Checksum': checksumOf(bytes),
        ...headers,
      })
      .send(bytes);
  }

  put(id: string, bytes: Buffer, ifMatch?: string): Promise<Response> {
    const call = this.app.call('put', `/storage/records/${id}`, this.user);
    if (ifMatch !== undefined) void call.set('If-Match', ifMatch);
    return call.send(contentOf(bytes));
  }

  get(id: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.app.call('get', `/storage/records/${id}`, this.user).set(headers).responseType('blob');
  }

  remove(id: string, ifMatch?: string): Promise<Response> {
    const call = this.app.call('delete', `/storage/records/${id}`, this.user);
    return ifMatch === undefined ? call : call.set('If-Match', ifMatch);
  }

  list(query: Record<string, unknown> = {}): Promise<Response> {
    return this.app.call('get', '/storage/records', this.user).query(query);
  }

  changes(query: Record<string, unknown> = {}): Promise<Response> {
    return this.app.call('get', '/storage/changes', this.user).query(query);
  }

  batch(operations: readonly unknown[]): Promise<Response> {
    return this.app.call('post', '/storage/records/batch', this.user).send({ operations });
  }

  usage(): Promise<Response> {
    return this.app.call('get', '/storage/usage', this.user);
  }

  /** A stored record, or the end of the test. */
  async made(bytes: Buffer = cipher(), table = 'notes'): Promise<KnownRecord> {
    const { status, body } = await this.create(bytes, { table, id: randomUUID() });
    if (status !== 201) throw new Error(`creating a record answered ${status} ${JSON.stringify(body)}`);
    return { id: body.id, version: body.version, bytes };
  }

  /** The whole feed from a cursor on, page by page. */
  async feed(cursor?: string, limit = 100): Promise<{ changes: Change[]; cursor: string }> {
    const changes: Change[] = [];
    for (let at = cursor; ;) {
      const { status, body } = await this.changes({ limit, ...(at === undefined ? {} : { cursor: at }) });
      if (status !== 200) throw new Error(`the feed answered ${status} ${JSON.stringify(body)}`);
      changes.push(...body.changes);
      at = body.cursor;
      if (body.has_more !== true) return { changes, cursor: body.cursor };
    }
  }
}

export interface Change {
  readonly id: string;
  readonly table: string;
  readonly version: number;
  readonly checksum: string | null;
  readonly deleted: boolean;
  readonly updated_at: number;
}
