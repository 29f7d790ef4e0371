import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Database, dataSourceOptions, type Tx } from '@adiuva/platform';
import { testDatabase, type TestDatabase } from '../support/database';

const UNAVAILABLE = { name: 'Problem', code: 'unavailable' };

describe('a connection that dies', () => {
  let made: TestDatabase;
  let source: DataSource;
  let database: Database;

  beforeAll(async () => {
    made = await testDatabase();
    source = await new DataSource(dataSourceOptions(made.url, [], 2)).initialize();
    database = new Database(source);
  });
  afterAll(async () => {
    await source.destroy();
    await made.drop();
  });

  const kill = (pid: number) => database.query('SELECT pg_terminate_backend($1)', [pid]);

  /** Runs `end` in a transaction whose connection has been killed and, where `noticed`, has been removed from the pool too. */
  function orphaned(noticed: boolean, work: (tx: Tx) => Promise<unknown>): Promise<void> {
    return database.transaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      await kill(own?.pid ?? 0);
      while (noticed && tx.queryRunner?.isReleased === false) await pause(1);
      await work(tx);
    });
  }

  const query = (tx: Tx) => tx.query('SELECT 1');

  it('in the middle of a transaction makes it unavailable, whoever notices first', async () => {
    await expect(orphaned(false, query)).rejects.toMatchObject(UNAVAILABLE);
    await expect(orphaned(true, query)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('right before the commit does too', async () => {
    await expect(orphaned(true, async () => undefined)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('leaves the next caller a sound one', async () => {
    await orphaned(true, query).catch(() => undefined);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
