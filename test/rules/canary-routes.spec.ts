import { randomBytes } from 'node:crypto';
import { newId } from '@adiuva/kernel';
import { Metrics } from '@adiuva/platform';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { TestApp, type TestUser } from '../support/app';
import { inParallel } from '../support/builders/stripe-life';
import { findPlaintext } from '../support/plaintext-search';
import { everyRoute, hangUp, send, withJson, type Route, type RouteRequest } from './every-route';

/** Names of agents are identifiers, which plans and steps have; wrapped keys of a collection are what only clients can read. */
const ALLOWED = ['table public.custom_agents', 'table public.vector_collections'];

/** The start of every marker, by which all of them are found. */
const CANARY = `canary${randomBytes(9).toString('hex')}`;

describe('what users send to any route, in any of its fields', () => {
  let app: TestApp;
  let users: readonly TestUser[];
  let count = 0;
  beforeAll(async () => {
    app = await TestApp.start({ LOG_LEVEL: 'trace' });
    users = [await app.user('team'), await app.admin()];
    await app.startJobs();
    await app.startRuns();
  });
  afterAll(async () => {
    hangUp();
    await app.stop();
  });

  const marker = (): string => `${CANARY}x${(count += 1).toString(36)}`;

  it('is stored in plaintext nowhere, except for identifiers and what clients have encrypted', async () => {
    const { paths } = openApiDocument(app.nest);
    const requests = everyRoute(paths, newId(), true).flatMap((route) => [...fieldsOf(route), ...placesOf(route)]);
    expect(requests.length).toBeGreaterThan(1_000);
    const statuses = new Set<number>();
    const tasks = requests.map((request, at) => async () => {
      const user = users[at % users.length];
      if (user) statuses.add((await send(app.port, user, request)).status);
    });
    await inParallel(tasks, 8);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 400, 404]));
    expect([...statuses].filter((status) => status === 500)).toEqual([]);
    const texts = { log: app.log.join('\n'), metrics: await app.nest.get(Metrics).text() };
    const found = await findPlaintext(CANARY, {
      databaseUrl: app.database.url,
      folders: [app.dataDir],
      texts,
      redisUrl: process.env['TEST_REDIS_URL'],
    });
    expect([...new Set(found.map(({ place }) => place))].filter((place) => !ALLOWED.includes(place))).toEqual([]);
  });

  /** The honest body, once for each text in it, which is a marker then; so each field is sent where the others are accepted. */
  function fieldsOf(route: Route): RouteRequest[] {
    const { json } = route;
    if (json === null) return [];
    return [...withMarkers(json)].map((body) => withJson(route, body));
  }

  function* withMarkers(value: unknown): Generator<unknown> {
    if (typeof value === 'string') yield value.includes('@') ? `${marker()}@example.org` : marker();
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value))
      for (const changed of withMarkers(member))
        yield Array.isArray(value)
          ? value.map((item, at) => (String(at) === key ? changed : item))
          : { ...value, [key]: changed };
    if (!Array.isArray(value)) yield { ...value, [marker()]: marker() };
  }

  /** In the path, the query and the headers. */
  function placesOf({ method, template, operation }: Route): RouteRequest[] {
    const parameters = (operation.parameters ?? []).flatMap((parameter) => ('name' in parameter ? [parameter] : []));
    const path = template.replaceAll(/\{\w+\}/g, () => marker());
    const named = (place: string) => parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);
    const queries = named('query').map((name) => ({ method, path: `${path}?${name}=${marker()}` }));
    // Not X-Request-Id: it is the id of the request, in the log too.
    const names = [...named('header'), 'idempotency-key', 'user-agent', 'referer'];
    const headers = names.map((name) => ({ method, path, headers: { [name.toLowerCase()]: marker() } }));
    return [{ method, path: `${path}?${marker()}=${marker()}` }, ...queries, ...headers];
  }
});
