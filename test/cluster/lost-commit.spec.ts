import { ExportBuilder } from '@adiuva/exports';
import { newId } from '@adiuva/kernel';
import { BlobStore, Database, parseKey } from '@adiuva/platform';
import { Store } from '../marketplace/store';
import { TestApp } from '../support/app';
import { TcpProxy } from '../support/fakes/tcp-proxy';

describe('a commit whose answer is lost', () => {
  let app: TestApp;
  let proxy: TcpProxy;
  let behind: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
    proxy = await TcpProxy.before(app.database.url);
    behind = await TestApp.start({ DATABASE_URL: proxy.url }, app);
  });
  afterAll(async () => {
    await behind.stop();
    await proxy.close();
    await app.stop();
  });

  const rows = <R>(sql: string, values: unknown[]) => app.nest.get(Database).query<R>(sql, values);
  const exists = async (key = '') => (await app.nest.get(BlobStore).head(parseKey(key))) !== null;

  it('leaves no version of a plugin without its package', async () => {
    const author = await behind.user();
    proxy.loseAnswerOfCommit('INSERT INTO plugin_versions');
    await new Store(behind).submit(author).expect(503);
    const [version] = await rows<{ blob_key: string }>(
      `SELECT v.blob_key FROM plugin_versions v JOIN plugins p ON p.id = v.plugin_id
       JOIN plugin_developers d ON d.id = p.developer_id WHERE d.user_id = $1`,
      [author.id],
    );
    expect(await exists(version?.blob_key)).toBe(true);
  });

  it('leaves no export without its archive', async () => {
    const user = await behind.user();
    const id = newId();
    await rows('INSERT INTO account_exports (id, user_id) VALUES ($1, $2)', [id, user.id]);
    proxy.loseAnswerOfCommit('UPDATE account_exports');
    const build = () => behind.nest.get(ExportBuilder).build(id, new AbortController().signal);
    await expect(build()).rejects.toMatchObject({ code: 'unavailable' });
    await build();
    const [made] = await rows<{ status: string; blob_key: string }>(
      'SELECT status, blob_key FROM account_exports WHERE id = $1',
      [id],
    );
    expect([made?.status, await exists(made?.blob_key)]).toEqual(['ready', true]);
  });
});
