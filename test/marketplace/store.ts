import { createHash } from 'node:crypto';
import type request from 'supertest';
import type { TestApp, TestUser } from '../support/app';
import { zipOf } from '../support/builders/zip';
import { MANIFEST } from './package-samples';

/** What the tests of the marketplace do again and again, through the wire. */
export class Store {
  private readonly admins: TestUser[] = [];

  constructor(readonly app: TestApp) {}

  submit(author: TestUser, changes: object = {}, bytes = zipOf({ 'main.js': 'export default 1;\n' })): request.Test {
    return this.send(author, '/plugins', changes, bytes);
  }

  submitVersion(
    author: TestUser,
    pluginId: string,
    changes: object,
    bytes = zipOf({ 'main.js': 'export default 2;\n' }),
  ): request.Test {
    return this.send(author, `/plugins/${pluginId}/versions`, changes, bytes);
  }

  decide(admin: TestUser, id: string, decision: 'approve' | 'reject', notes?: string): request.Test {
    return this.app
      .call('post', `/admin/plugins/reviews/${id}`, admin)
      .send({ decision, ...(notes === undefined ? {} : { notes }) });
  }

  install(user: TestUser, pluginId: string, body: object = { plugin_id: pluginId }): request.Test {
    return this.app.call('post', `/plugins/${pluginId}/install`, user).send(body);
  }

  /** A plugin that is submitted and approved; its id. */
  async publish(author: TestUser, changes: object = {}, bytes?: Buffer): Promise<string> {
    const { body } = await this.submit(author, changes, bytes).expect(201);
    await this.decide(await this.admin(), body.plugin_id, 'approve').expect(200);
    return body.plugin_id;
  }

  async admin(): Promise<TestUser> {
    const [known] = this.admins;
    if (known) return known;
    const made = await this.app.admin();
    this.admins.push(made);
    return made;
  }

  private send(author: TestUser, path: string, changes: object, bytes: Buffer): request.Test {
    return this.app
      .call('post', path, author)
      .field('manifest', JSON.stringify({ ...MANIFEST, ...changes }))
      .attach('package', bytes, { filename: 'plugin.zip', contentType: 'application/zip' });
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The path under /api/v1 of an address that the server gave out. */
export function pathOf(url: string): string {
  return new URL(url).pathname.replace('/api/v1', '');
}

/** Collects an answer's bytes. */
export function binary(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => done(null, Buffer.concat(chunks)));
  response.on('error', (error: Error) => done(error, Buffer.alloc(0)));
}
