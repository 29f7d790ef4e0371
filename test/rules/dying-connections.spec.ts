import { Client } from 'pg';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { eventually, type TestUser } from '../support/app';
import { inParallel } from '../support/builders/stripe-life';
import { Shop } from '../marketplace/shop';
import { everyRoute, hangUp, send, withJson, type RouteRequest } from './every-route';

const ROUNDS = 8;
/** More than the pool has connections, so that these go from hand to hand. */
const AT_ONCE = 12;

describe('connections to the database that die all the time', () => {
  let shop: Shop;
  let user: TestUser;
  let requests: RouteRequest[];

  beforeAll(async () => {
    shop = await Shop.open();
    user = await shop.app.admin();
    await shop.app.setTier(user.id, 'team', 1);
    const pluginId = await shop.publish(await shop.app.user(), { price_cents: 99 });
    requests = everyRoute(openApiDocument(shop.app.nest).paths, pluginId)
      // Ends the session that all others need.
      .filter(({ path }) => !path.startsWith('/auth/logout'))
      .map((route) => (route.json ? withJson(route, route.json) : route));
  });
  afterAll(async () => {
    hangUp();
    await shop.close();
  });

  it('are 503 at most, on every route, and nothing remains of them', async () => {
    const knife = new Knife(shop.app.database.url);
    await knife.start();
    const outcomes = await inParallel(
      Array.from({ length: ROUNDS }, () => requests).flatMap((all) =>
        all.map((request) => async () => ({ request, ...(await send(shop.app.port, user, request)) })),
      ),
      AT_ONCE,
    );
    await knife.stop();
    const faults = outcomes.filter(({ status }) => status >= 500 && status !== 501 && status !== 503);
    expect(faults).toEqual([]);
    expect(outcomes.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    await eventually(async () => {
      const after = await inParallel(
        requests.map((request) => () => send(shop.app.port, user, request)),
        AT_ONCE,
      );
      return after.every(({ status }) => status < 500 || status === 501);
    });
  });
});

/** Ends a third of the database's connections, again and again. */
class Knife {
  private readonly client: Client;
  private cutting: Promise<void> | null = null;
  private sharp = true;

  constructor(url: string) {
    this.client = new Client({ connectionString: url });
  }

  async start(): Promise<void> {
    await this.client.connect();
    this.cutting = this.cut();
  }

  async stop(): Promise<void> {
    this.sharp = false;
    await this.cutting;
    await this.client.end();
  }

  private async cut(): Promise<void> {
    while (this.sharp) {
      await this.client.query(
        `SELECT pg_terminate_backend(pid), pg_sleep(0.02) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.35`,
      );
      await new Promise((turn) => setImmediate(turn));
    }
  }
}
