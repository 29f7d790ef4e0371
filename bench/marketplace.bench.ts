import { Client } from 'pg';
import { Catalogue, type CatalogueFilter } from '@adiuva/marketplace';
import { catalogueQuery } from '../libs/marketplace/src/catalogue/catalogue-query';
import { startScratchDatabase } from '../test/support/scratch-database';
import type { Report } from './report';

const PLUGINS = 10_000;
const ROUNDS = 300;
const WARM_UP = 50;
/** What a page costs when nothing else runs; other work of the machine only adds. */
const QUIET = 0.1;
const MAX_ADDED_MS = 1;

const CASES: readonly (readonly [name: string, filter: CatalogueFilter, page: number])[] = [
  ['list by rating', { sort: 'rating' }, 1],
  ['list by installs', { sort: 'installs' }, 1],
  ['list newest', { sort: 'newest' }, 1],
  ['list newest, page 100', { sort: 'newest' }, 100],
  ['one category of twenty', { category: 'category 7', sort: 'rating' }, 1],
  ['search a rare word', { q: 'rare77' }, 1],
  ['search the beginning of a word', { q: 'zep' }, 1],
  ['search two words, by rating', { q: 'weekly calendar', sort: 'rating' }, 1],
];

/** How much later than from bare SQL does a page of the catalogue come, at 10,000 plugins? */
export async function bench(report: Report): Promise<void> {
  const scratch = await startScratchDatabase(4);
  const bare = [new Client({ connectionString: scratch.url }), new Client({ connectionString: scratch.url })] as const;
  try {
    for (const client of bare) await client.connect();
    await fill(bare[0], report.size(PLUGINS, 1_000));
    const catalogue = new Catalogue(scratch.database);
    for (const [name, filter, page] of CASES) {
      const request = { page, limit: 50 };
      const query = catalogueQuery(filter, request);
      if (!query) throw new Error('nothing to ask for');
      const ours = async () => (await catalogue.list(filter, request)).total;
      const sql = async () => {
        await Promise.all([
          bare[0].query(query.items, [...query.itemValues]),
          bare[1].query(query.count, [...query.countValues]),
        ]);
      };
      report.note(`${name}: ${await ours()} found`);
      const { added, peer } = await inTurns(ours, sql, report.size(ROUNDS, 10));
      report.max(`${name}: added to bare SQL`, added, MAX_ADDED_MS, {
        unit: 'ms',
        peer: { name: 'bare SQL', value: peer },
      });
    }
  } finally {
    for (const client of bare) await client.end();
    await scratch.stop();
  }
}

/** Both in turns. What is added is told by the quiet rounds. */
async function inTurns(ours: () => Promise<unknown>, sql: () => Promise<unknown>, count: number) {
  const rounds: { ours: number; sql: number }[] = [];
  for (let round = 0; round < WARM_UP + count; round += 1) {
    const oursFirst = round % 2 === 0 ? await timed(ours) : null;
    const sqlTime = await timed(sql);
    rounds.push({ ours: oursFirst ?? (await timed(ours)), sql: sqlTime });
  }
  const measured = rounds.slice(WARM_UP);
  const times = { ours: measured.map((round) => round.ours), sql: measured.map((round) => round.sql) };
  const peer = quantile(times.sql, QUIET);
  return { added: rounded(quantile(times.ours, QUIET) - peer), peer };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function fill(client: Client, plugins: number): Promise<void> {
  await client.query(`INSERT INTO plugin_developers (id) VALUES ('00000000-0000-7000-8000-000000000001')`);
  await client.query(
    `INSERT INTO plugins (id, developer_id, state, version, name, skeleton, author, description, category, permissions, price_cents,
       install_count, rating_count, rating_sum, rating_average, published_at)
     SELECT gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'listed', '1.0.0', 'Plugin number ' || n, 'plugin' || n,
       'Author ' || n % 500,
       'Does thing ' || n || ' with your ' || (ARRAY['notes', 'tasks', 'weekly calendar', 'projects'])[1 + n % 4]
         || CASE WHEN n % 50 = 0 THEN ' and zeppelins' ELSE '' END
         || ', rare' || n % 100 || '. ' || repeat('It has many words that no query contains. ', 5),
       'category ' || n % 20, '["notes:read"]', 0, n % 977, n % 50, n % 50 * 3, n % 50 / 10.0, now() - n * interval '1 minute'
     FROM generate_series(1, $1) n`,
    [plugins],
  );
  await client.query('VACUUM ANALYZE plugins');
}

function quantile(times: readonly number[], part: number): number {
  return rounded([...times].sort((one, other) => one - other)[Math.floor(times.length * part)] ?? 0);
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
