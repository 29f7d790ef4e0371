import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from '@adiuva/embedded';
import { Client } from 'pg';
import { dieWhileMaking, makeCheckout, serve, type Speaker } from './checkout';
import { whenBusy } from '../support/app';

let checkout = '';

const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
const directories: string[] = [];

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'adiuva-pg-'));
  directories.push(directory);
  return directory;
}

async function start(dataDir: string, log?: (message: string) => void): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir });
  if (log) server.onEvent(log);
  running.push(server);
  return server;
}

async function startChild(dataDir: string): Promise<Speaker> {
  const speaker = await serve(checkout, dataDir);
  children.push(speaker.child);
  return speaker;
}

async function query(url: string, sql: string): Promise<unknown[][]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + whenBusy(10_000);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function postmasterOf(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

beforeAll(async () => {
  checkout = await makeCheckout(await newDirectory());
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  await Promise.all(
    directories.map((path) => rm(path, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })),
  );
});

describe('the embedded PostgreSQL', () => {
  it('is made on the first start and keeps its data, password and port over the next', async () => {
    const dataDir = join(await newDirectory(), 'data');
    const first = await start(dataDir);
    await query(first.url, 'CREATE TABLE kept (n int)');
    await query(first.url, 'INSERT INTO kept VALUES (7)');
    await first.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([[7]]);
  });

  it('is closed to everybody else: private files, loopback only, a password for every connection', async () => {
    const dataDir = join(await newDirectory(), 'data');
    const { url } = await start(dataDir);
    const mode = async (path: string): Promise<number> => (await stat(join(dataDir, path))).mode & 0o777;
    expect([await mode('.'), await mode('postgres'), await mode('postgres.json')]).toEqual([0o700, 0o700, 0o600]);
    expect(await query(url, 'SHOW listen_addresses')).toEqual([['127.0.0.1']]);
    expect(await query(url, 'SELECT DISTINCT auth_method FROM pg_hba_file_rules')).toEqual([['scram-sha-256']]);
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('speaks UTF-8 in the order of code points', async () => {
    const { url } = await start(await newDirectory());
    const sql = "SELECT current_database(), current_setting('server_encoding'), 'a' > 'B', lower('ÄÉ')";
    expect(await query(url, sql)).toEqual([['adiuva', 'UTF8', true, 'äé']]);
  });

  it('is durable, and logs nothing that could quote a user', async () => {
    const dataDir = await newDirectory();
    const { url } = await start(dataDir);
    const settings = {
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      log_min_messages: 'fatal',
      log_min_error_statement: 'panic',
      log_error_verbosity: 'terse',
      log_statement: 'none',
      log_min_duration_statement: '-1',
      log_parameter_max_length_on_error: '0',
      logging_collector: 'off',
    };
    const names = Object.keys(settings).map((name) => `'${name}'`);
    const rows = await query(url, `SELECT name, setting FROM pg_settings WHERE name IN (${names.join()})`);
    expect(Object.fromEntries(rows)).toEqual(settings);
    await expect(query(url, "SELECT 'marker-in-a-value'::uuid")).rejects.toMatchObject({ code: '22P02' });
    const files = await readdir(dataDir, { recursive: true });
    expect(files.filter((name) => /\blog$|\.log$/.test(name))).toEqual([]);
  });

  it('works in a directory whose path is too long for a socket', async () => {
    const dataDir = join(await newDirectory(), 'd'.repeat(120), 'e'.repeat(120));
    const { url } = await start(dataDir);
    expect(await query(url, 'SELECT 1')).toEqual([[1]]);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow('in use');
  });

  it('is found by a command while it runs, and only then', async () => {
    const dataDir = await newDirectory();
    expect(await connectEmbeddedPostgres(dataDir)).toBeNull();
    const server = await start(dataDir);
    expect(await connectEmbeddedPostgres(dataDir)).toBe(server.url);
    await server.stop();
    expect(await connectEmbeddedPostgres(dataDir)).toBeNull();
  });

  it('stops once, however often it is told to', async () => {
    const server = await start(await newDirectory());
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
  });

  it('refuses a second server on its directory, by the name of DATA_DIR, and goes on', async () => {
    const dataDir = await newDirectory();
    const { url } = await start(dataDir);
    const { output } = await startChild(dataDir);
    expect(output).toContain(`DATA_DIR ${dataDir} is in use by another server`);
    expect(await query(url, 'SELECT 1')).toEqual([[1]]);
  });

  it('lets one of two servers have a new directory when both start at once', async () => {
    const dataDir = await newDirectory();
    const both = await Promise.all([startChild(dataDir), startChild(dataDir)]);
    const output = both.map((one) => one.output).sort();
    expect(output[0]).toContain('in use by another server');
    expect(output[1]).toBe(await connectEmbeddedPostgres(dataDir));
  });
});

describe('after a kill -9', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGQUIT'] as const)(
    'of PostgreSQL (%s) it is back at the same address with every commit',
    async (signal) => {
      const dataDir = await newDirectory();
      const log: string[] = [];
      const server = await start(dataDir, (message) => log.push(message));
      await query(server.url, 'CREATE TABLE kept (n int)');
      await query(server.url, 'INSERT INTO kept VALUES (1)');
      process.kill(await postmasterOf(dataDir), signal);
      expect(await eventually(() => query(server.url, 'SELECT n FROM kept'))).toEqual([[1]]);
      await eventually(async () => expect(log).toHaveLength(2));
      expect(log[0]).toContain('ended unexpectedly');
    },
  );

  it('of PostgreSQL it can still be stopped', async () => {
    const dataDir = await newDirectory();
    const server = await start(dataDir);
    process.kill(await postmasterOf(dataDir), 'SIGKILL');
    await server.stop();
    expect(await connectEmbeddedPostgres(dataDir)).toBeNull();
  });

  it('of our process PostgreSQL ends by itself', async () => {
    const dataDir = await newDirectory();
    const { child } = await startChild(dataDir);
    const postmaster = await postmasterOf(dataDir);
    child.kill('SIGKILL');
    await eventually(async () => expect(isAlive(postmaster)).toBe(false));
  });

  it('of our process in the middle of writing the next start has every acknowledged row, within 5 s', async () => {
    const dataDir = await newDirectory();
    const { child, output } = await startChild(dataDir);
    const client = new Client({ connectionString: output });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE kept (n int)');
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await client.query('INSERT INTO kept VALUES (1)');
        acknowledged += 1;
        if (acknowledged === 50) child.kill('SIGKILL');
      }
    })().catch(() => undefined);
    await once(child, 'exit');
    const began = performance.now();
    const server = await start(dataDir);
    expect(performance.now() - began).toBeLessThan(whenBusy(5000));
    await writing;
    const [[count] = []] = await query(server.url, 'SELECT count(*)::int FROM kept');
    expect(count).toBeGreaterThanOrEqual(acknowledged);
  });

  it('a process number that somebody else has by now is left alone', async () => {
    const dataDir = await newDirectory();
    await (await start(dataDir)).stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    children.push(stranger);
    const lock = [stranger.pid, join(dataDir, 'postgres'), 1, 5432, '.', '127.0.0.1', '  1 1', 'ready', ''].join('\n');
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), lock);
    const { url } = await start(dataDir);
    expect(await query(url, 'SELECT 1')).toEqual([[1]]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('while the cluster was being made a new one is made, and what was left behind goes', async () => {
    const dataDir = await newDirectory();
    await dieWhileMaking(checkout, dataDir);
    const drafts = async (): Promise<string[]> =>
      (await readdir(dataDir)).filter((name) => name.startsWith('postgres.new'));
    const [draft = '', ...others] = await drafts();
    expect([draft, others]).toEqual([expect.stringMatching(/^postgres\.new-/), []]);
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(dataDir, draft), longAgo, longAgo);
    const { url } = await start(dataDir);
    expect([await query(url, 'SELECT 1'), await drafts()]).toEqual([[[1]], []]);
  });

  it('a damaged cluster is refused with the way out, and nothing of it is moved', async () => {
    const dataDir = await newDirectory();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres/PG_VERSION'), '');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /not a whole PostgreSQL cluster.*installation adopt/,
    );
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres')).sort()).toEqual([
      'postgres',
      'postgres.json',
    ]);
  });

  it.each(['', 'not a process number', '\n\n\n', '0\n'])(
    'a lock file that says %j does not keep it from starting',
    async (text) => {
      const dataDir = await newDirectory();
      await (await start(dataDir)).stop();
      await writeFile(join(dataDir, 'postgres/postmaster.pid'), text);
      const { url } = await start(dataDir);
      expect(await query(url, 'SELECT 1')).toEqual([[1]]);
    },
  );

  it('a cluster of another major version is refused in words', async () => {
    const dataDir = await newDirectory();
    await (await start(dataDir)).stop();
    await writeFile(join(dataDir, 'postgres/PG_VERSION'), '12\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /was made by PostgreSQL 12.*npm run backup.*npm run restore/,
    );
    expect(await readFile(join(dataDir, 'postgres/PG_VERSION'), 'utf8')).toBe('12\n');
  });
});
