import { DataSource, type QueryRunner } from 'typeorm';
import { dataSourceOptions } from '@adiuva/platform';
import { ENTITIES } from '../../ormconfig';
import { testDatabase, type TestDatabase } from '../support/database';

/** Sends each statement when the one before has been answered: TypeORM sends those that read the tables together, which pg deprecates. */
function oneByOne(runner: QueryRunner): QueryRunner {
  const send = runner.query.bind(runner);
  let last: Promise<unknown> = Promise.resolve();
  const query = (...parameters: Parameters<typeof send>): Promise<unknown> => {
    const answer = last.then(() => send(...parameters));
    last = answer.catch(() => undefined);
    return answer;
  };
  return Object.assign(runner, { query });
}

describe('the schema', () => {
  let database: TestDatabase;
  let source: DataSource;
  beforeAll(async () => {
    database = await testDatabase();
    source = await new DataSource(dataSourceOptions(database.url, ENTITIES, 2)).initialize();
    const create = source.createQueryRunner.bind(source);
    source.createQueryRunner = (mode) => oneByOne(create(mode));
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('that the migrations make is the one that the entities describe', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('has an entity for every table', async () => {
    const rows = await source.query<{ name: string }[]>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const known = [...source.entityMetadatas.map(({ tableName }) => tableName), 'migrations'];
    expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('can be taken back and made again', async () => {
    const count = (await source.query<unknown[]>('SELECT 1 FROM migrations')).length;
    for (let undone = 0; undone < count; undone += 1) await source.undoLastMigration();
    await source.runMigrations({ transaction: 'each' });
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
  });
});
