import { newId } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { TestApp, type TestUser } from '../support/app';
import { everyRoute, exampleOf, hangUp, send, withJson, type Route } from './every-route';

/** Tables whose rows the owner gets by the requests below, each with routes that take its ids. */
const EXPECTED = [
  ...['backup_uploads', 'code_projects', 'custom_agents', 'dags', 'goals', 'memories', 'notification_channels'],
  ...['notifications', 'records', 'schedules', 'sessions'],
];

describe('an id of another user', () => {
  let app: TestApp;
  let owner: TestUser;
  let other: TestUser;
  let ids: readonly { readonly kind: string; readonly id: string }[];
  let routes: readonly Route[];
  beforeAll(async () => {
    app = await TestApp.start({ LLM_PROVIDER: 'offline', RATE_LIMIT_POWER: '1000000' });
    [owner, other] = [await app.user('power'), await app.user('power')];
    const { paths } = openApiDocument(app.nest);
    routes = everyRoute(paths, '{id}', true).filter(
      ({ path, template }) => path.includes('{id}') && !isPublic(template),
    );
    for (const { method, template, json, operation } of everyRoute(paths, newId(), true)) {
      if (method !== 'post' || template.includes('{') || /^\/(?:auth|admin|billing|teams)/.test(template)) continue;
      for (const body of [json, exampleOf(operation)]) {
        if (body) await send(app.port, owner, withJson({ method, path: template }, body));
      }
    }
    ids = await idsOf(app, owner);
  });
  afterAll(async () => {
    hangUp();
    await app.stop();
  });

  it('exists in every kind of thing', () => {
    expect([...new Set(ids.map(({ kind }) => kind))]).toEqual(expect.arrayContaining(EXPECTED));
    expect(routes.length).toBeGreaterThan(50);
  });

  it('is answered as one that does not exist, on every route that takes an id', async () => {
    const differing: string[] = [];
    for (const route of routes) {
      const name = `${route.method} ${route.template}`;
      const free = await answer(route, newId());
      expect([name, free.status < 500]).toEqual([name, true]);
      for (const { kind, id } of ids) {
        const foreign = await answer(route, id);
        if (foreign.status !== free.status || foreign.text !== free.text)
          differing.push(
            `${name} with an id of ${kind}: ${foreign.status} ${foreign.text}, free: ${free.status} ${free.text}`,
          );
      }
    }
    expect(differing).toEqual([]);
  });

  it('is free for a record of its own, and nothing of its owner has changed', async () => {
    const body = routes.find(({ template, json }) => template === '/storage/records/{id}' && json)?.json ?? {};
    const statuses: number[] = [];
    for (const id of [newId(), ...ids.map((one) => one.id)]) {
      const { status } = await app.call('post', '/storage/records', other).send({ ...body, table: 'notes', id });
      statuses.push(status);
    }
    expect([...new Set(statuses)]).toEqual([201]);
    expect(await idsOf(app, owner)).toEqual(ids);
  });

  /** What the other user gets for a route with this id, without what each answer has of its own. */
  async function answer({ method, path, json }: Route, id: string): Promise<{ status: number; text: string }> {
    const target = { method, path: path.replaceAll('{id}', id) };
    const { status, text } = await send(app.port, other, json ? withJson(target, json) : target);
    return { status, text: text.replaceAll(id, 'ID').replace(/"request_id":"[^"]*"/, '') };
  }
});

/** Routes that take what is not a user's own. */
function isPublic(template: string): boolean {
  return /^\/(?:admin|plugins|plugin-packages|tools|plans\/playbook|invites|notifications\/ack)\b/.test(template);
}

/** One id of each table that has rows of the user. */
async function idsOf(app: TestApp, user: TestUser): Promise<{ kind: string; id: string }[]> {
  const database = app.nest.get(Database);
  const tables = await database.query<{ name: string }>(
    `SELECT c.table_name AS name FROM information_schema.columns c JOIN information_schema.columns u USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND c.column_name = 'id' AND c.data_type = 'uuid' AND u.column_name = 'user_id' ORDER BY 1`,
  );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await database.query<{ id: string }>(
        `SELECT id FROM "${name}" WHERE user_id = $1 ORDER BY id LIMIT 1`,
        [user.id],
      );
      return rows.map(({ id }) => ({ kind: name, id }));
    }),
  );
  return found.flat();
}
