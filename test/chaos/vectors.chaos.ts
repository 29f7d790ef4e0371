import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { FORM, sketchAt } from '../support/builders/vectors';
import { startFakeQdrant } from '../support/fakes/vectors/fake-qdrant';
import { demand, print } from './cluster';
import { Site, storm, type SiteUser } from './site';

const ROUNDS = Number(process.argv[3] ?? 3);
const DISTURBANCES = 8;
const IDS = 12;
const CLIENTS = 6;

/** What may be true of an item after the last thing that was tried: a checksum, or null for "not there". */
type State = string | null;

interface Change {
  readonly id: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly checksum: string | null;
}

/**
 * `npm run test:chaos -- vectors [ROUNDS]`: clients store, replace and delete vectors, one at a time and in batches, while servers and the database
 * are killed and the index is lost. In the end feed, search and usage are what the clients' ledgers allow.
 */
export async function chaos(): Promise<void> {
  const qdrant = await startFakeQdrant();
  const site = await Site.start({ QDRANT_URL: qdrant.url, QDRANT_API_KEY: 'qdrant-key' });
  try {
    const clients: VectorClient[] = [];
    for (let n = 0; n < CLIENTS; n += 1) clients.push(await VectorClient.start(site));
    for (let round = 1; round <= ROUNDS; round += 1) {
      const steps = clients.map((client) => () => client.step());
      await storm(steps, DISTURBANCES, async () => {
        const dice = randomInt(10);
        if (dice < 5) await site.killNode();
        else if (dice < 7) site.crashDatabase();
        else for (const name of [...qdrant.collections.keys()]) qdrant.lose(name);
        await pause(1_000 + randomInt(2_000));
      });
      await site.ready();
      await site.releaseJobs();
      const acknowledged = clients.reduce((sum, client) => sum + client.acknowledged, 0);
      print(`round ${round}: ${acknowledged} acknowledged writes; restarts: ${site.restarts.join(', ')}`);
      for (const client of clients) await client.judge();
    }
  } finally {
    await site.stop();
    await qdrant.stop();
  }
}

class VectorClient {
  acknowledged = 0;
  private readonly states = new Map<string, State[]>();
  private readonly angles = new Map<string, number>();
  private readonly ids: readonly string[] = Array.from({ length: IDS }, (_, n) => `note:${n}`);

  private constructor(
    private readonly site: Site,
    private readonly user: SiteUser,
  ) {}

  static async start(site: Site): Promise<VectorClient> {
    const user = await site.user();
    await site.must('PUT', '/storage/vectors/collections/notes', user, { mode: 'sketch', ...FORM, epoch: 1 });
    return new VectorClient(site, user);
  }

  async step(): Promise<void> {
    const count = randomInt(3) === 0 ? 4 : 1;
    const ids = [...this.ids].sort(() => Math.random() - 0.5).slice(0, count);
    if (randomInt(4) === 0) {
      const answer = await this.site.call('DELETE', '/storage/vectors', this.user, { ids, collection: 'notes' });
      return this.note(answer.status, new Map(ids.map((id) => [id, null])));
    }
    const vectors = ids.map((id) => this.item(id));
    const answer = await this.site.call('POST', '/storage/vectors/upsert', this.user, { vectors });
    this.note(answer.status, new Map(vectors.map(({ id, checksum }) => [id, checksum])));
  }

  async judge(): Promise<void> {
    const shown = await this.feed();
    for (const [id, allowed] of this.states) {
      const truth = shown.get(id) ?? null;
      demand(allowed.includes(truth), `${id} is ${truth}, and the client knows of ${allowed.join(' or ')}`);
      this.states.set(id, [truth]);
    }
    const [sum] = await this.site.rows<{ bytes: string; count: string; usage: string; counted: string }>(
      `SELECT coalesce(sum(octet_length(blob) + coalesce(octet_length(sketch), 0)), 0) AS bytes, count(i.id) AS count, max(u.vectors_bytes) AS usage, max(u.vectors_count) AS counted
       FROM storage_usage u LEFT JOIN vector_items i ON i.user_id = u.user_id AND NOT i.deleted WHERE u.user_id = $1`,
      [this.user.id],
    );
    demand(sum?.bytes === sum?.usage && Number(sum?.usage) >= 0, `usage: ${JSON.stringify(sum)}`);
    await this.judgeSearch(shown);
  }

  /** The index outside of the database follows, also after it was lost. */
  private async judgeSearch(shown: ReadonlyMap<string, State>): Promise<void> {
    const live = [...shown].flatMap(([id, checksum]) => (checksum === null ? [] : [id]));
    const sketches = [{ epoch: 1, data: sketchAt(0).toString('base64') }];
    for (const end = Date.now() + 60_000; ; await pause(500)) {
      const query = { sketches, collection: 'notes', top_k: 50 };
      const answer = await this.site.call('POST', '/storage/vectors/search', this.user, query);
      const results = (answer.json['results'] ?? []) as { id: string }[];
      const found = results.map(({ id }) => id).sort();
      if (answer.status === 200 && found.join() === live.sort().join()) return;
      await this.site.releaseJobs();
      demand(Date.now() < end, `search: ${answer.status}, finds ${found.join()} of ${live.join()}`);
    }
  }

  /** From the beginning, in pages: no version goes back, no item is told twice. */
  private async feed(): Promise<Map<string, State>> {
    const shown = new Map<string, State>();
    for (let cursor = '', more = true; more;) {
      const query = `collection=notes&limit=5${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { json } = await this.site.must('GET', `/storage/vectors/changes?${query}`, this.user);
      for (const { id, deleted, checksum } of json['changes'] as Change[]) {
        demand(!shown.has(id), `${id} is told twice`);
        shown.set(id, deleted ? null : checksum);
      }
      cursor = String(json['cursor']);
      more = json['has_more'] === true;
    }
    return shown;
  }

  private item(id: string) {
    const blob = randomBytes(40 + randomInt(200));
    const angle = this.angles.get(id) ?? randomInt(360);
    this.angles.set(id, angle);
    const sketch = { v: 1, ...FORM, epoch: 1, data: sketchAt(angle).toString('base64') };
    const checksum = createHash('sha256').update(blob).digest('hex');
    return { id, collection: 'notes', blob: blob.toString('base64'), checksum, sketch };
  }

  private note(status: number, next: ReadonlyMap<string, State>): void {
    demand([0, 200, 503].includes(status), `a write was answered ${status}`);
    if (status === 200) this.acknowledged += 1;
    for (const [id, state] of next)
      this.states.set(id, status === 200 ? [state] : [...(this.states.get(id) ?? [null]), state]);
  }
}
