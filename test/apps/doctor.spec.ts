import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { Environment } from '@adiuva/config';
import { clockCheck, spaceCheck } from '@adiuva/doctor';
import { examineServer } from '../../apps/cli/src/doctor.command';
import { TestApp } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { freePort } from '../support/processes/server-process';

interface Check {
  readonly subject: string;
  readonly level: string;
  readonly message: string;
  readonly remedy: string | null;
}

interface Report {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** A PostgreSQL of tests may run without fsync, which the doctor finds: without that fault. */
function withoutFsyncFault({ checks }: Report): Report {
  const others = checks.filter(({ message }) => !message.endsWith('loses acknowledged writes: fsync off'));
  return { ok: others.every(({ level }) => level !== 'error'), checks: others };
}

describe('the doctor', () => {
  let app: TestApp;
  let server: Server;
  beforeAll(async () => {
    app = await TestApp.start();
    server = createServer((_, response) => response.writeHead(200).end('{}')).listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    server.close();
    await app.stop();
  });

  const environment = (settings: Record<string, string> = {}): Environment =>
    new Environment({
      ENV: 'test',
      DATA_DIR: app.dataDir,
      DATABASE_URL: app.database.url,
      DATABASE_POOL: '2',
      LLM_PROVIDER: 'offline',
      ...settings,
    });
  /** The report as JSON, whether or not the command fails. */
  const reportOf = async (settings: Record<string, string> = {}): Promise<Report> =>
    withoutFsyncFault(
      JSON.parse(await examineServer(environment(settings), 'json').catch((error: Error) => error.message)),
    );
  const faultsOf = async (settings: Record<string, string>) =>
    (await reportOf(settings)).checks.filter(({ level }) => level === 'error');

  it('finds no error where a server runs, and says what it has looked at', async () => {
    const report = await reportOf();
    expect(report.ok).toBe(true);
    const subjects = report.checks.map(({ subject }) => subject);
    for (const subject of [
      'settings',
      'database',
      'schema',
      'clock',
      'blobs',
      'identity',
      'keys',
      'redis',
      'models',
      'mail',
      'stripe',
      'space',
    ])
      expect(subjects).toContain(subject);
  });

  it('changes nothing: the installation has the same generation as before', async () => {
    const client = new Client({ connectionString: app.database.url });
    await client.connect();
    const rows = async () => (await client.query('SELECT id, generation, epoch FROM installation')).rows;
    const before = await rows();
    await reportOf();
    expect(await rows()).toEqual(before);
    await client.end();
  });

  it('answers administrators with the same report, and no other user', async () => {
    const { body } = await app.call('get', '/admin/doctor', await app.admin()).expect(200);
    const [report, known] = [withoutFsyncFault(body), await reportOf()];
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ subject }) => subject)).toEqual(known.checks.map(({ subject }) => subject));
    await app.call('get', '/admin/doctor', await app.user()).expect(403);
    await app.call('get', '/admin/doctor').expect(401);
  });

  it('names every setting that cannot be used, and never its value', async () => {
    const settings = { SMTP_URL: 'http://secret.example.org', DATABASE_POOL: 'secret', PORT: 'secret' };
    const faults = await faultsOf({ ...settings, MAIL_FROM: 'a@example.org' });
    expect(faults.map(({ subject }) => subject)).toEqual(['settings', 'settings', 'settings']);
    expect(JSON.stringify(faults)).not.toContain('secret');
    for (const name of Object.keys(settings)) expect(faults.some(({ message }) => message.includes(name))).toBe(true);
  });

  it('finds a database that does not answer', async () => {
    const faults = await faultsOf({ DATABASE_URL: `postgres://anna:secret@127.0.0.1:${await freePort()}/adiuva` });
    expect(faults).toMatchObject([{ subject: 'database', message: 'does not answer (ECONNREFUSED)' }]);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  it('finds a MASTER_KEY that is another one', async () => {
    const faults = await faultsOf({ MASTER_KEY: 'kJ8-vQ2_xW5+zR7~bN4.mT6!hY9?cL3@' });
    expect(faults).toMatchObject([{ subject: 'keys', remedy: expect.stringContaining('MASTER_KEY') }]);
  });

  it('finds a blob store that belongs to another installation', async () => {
    const other = await TestApp.start();
    try {
      const secrets = { MASTER_KEY: readFileSync(`${app.dataDir}/secrets/master-key`, 'utf8') };
      const faults = await faultsOf({ ...secrets, DATA_DIR: other.dataDir });
      expect(faults).toMatchObject([{ subject: 'identity', message: expect.stringContaining('belongs to') }]);
    } finally {
      await other.stop();
    }
  });

  it('finds a Redis that does not answer', async () => {
    const faults = await faultsOf({ REDIS_URL: `redis://anna:secret@127.0.0.1:${await freePort()}` });
    expect(faults).toMatchObject([{ subject: 'redis', message: 'does not answer (ECONNREFUSED)' }]);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  it('finds a model that refuses the key; while another one of the chain answers, as a warning', async () => {
    const model = await FakeOpenAi.start(({ model: name }) => (name === 'gone' ? { status: 401 } : { text: ['ok'] }));
    try {
      const settings = { ...model.settings, LLM_ROUTER: 'openai:gone', LLM_AGENT: 'openai:gone' };
      const chains = ['SYNTHESIS', 'PLANNER', 'RESEARCH', 'WIREFRAME', 'CODE', 'QA', 'PEDAGOGY'];
      const all = (name: string) => Object.fromEntries(chains.map((role) => [`LLM_${role}`, name]));
      expect(await faultsOf({ ...settings, ...all('openai:gone') })).toMatchObject([
        { subject: 'models', message: expect.stringMatching(/^openai:gone: .* refuses the key/) },
      ]);
      const { checks } = await reportOf({ ...settings, ...all('openai:other') });
      const models = checks.filter(({ subject }) => subject === 'models');
      expect(models.map(({ level, message }) => `${level} ${message.split(':', 2).join(':')}`).sort()).toEqual([
        'ok openai:other answers',
        'warning openai:gone',
      ]);
    } finally {
      await model.stop();
    }
  });

  it('finds a mail server that does not accept us', async () => {
    const smtp = { SMTP_URL: `smtp://anna:secret@127.0.0.1:${await freePort()}`, MAIL_FROM: 'a@example.org' };
    expect(await faultsOf(smtp)).toMatchObject([
      { subject: 'mail', message: expect.stringContaining('does not accept us') },
    ]);
  });

  it('finds a Stripe key that Stripe refuses, and a public address that leads elsewhere', async () => {
    const { port } = server.address() as AddressInfo;
    const elsewhere = `http://127.0.0.1:${port}`;
    const stripe = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1', STRIPE_API_BASE: elsewhere };
    const prices = { STRIPE_PRICE_PRO: 'a', STRIPE_PRICE_POWER: 'b', STRIPE_PRICE_TEAM: 'c' };
    const faults = await faultsOf({ ...stripe, ...prices, PUBLIC_URL: elsewhere });
    expect(faults).toContainEqual(
      expect.objectContaining({ subject: 'stripe webhook', message: expect.stringContaining('answers 200') }),
    );
    expect(faults.some(({ subject }) => subject === 'stripe key' || subject === 'stripe price')).toBe(true);
    const { checks } = await reportOf({ ...stripe, ...prices, PUBLIC_URL: app.url });
    expect(checks.find(({ subject }) => subject === 'stripe webhook')).toBeDefined();
  });

  it('shows people a line for each check, with its remedy below', async () => {
    const text = examineServer(environment(), 'text').catch((error: Error) => error.message);
    expect(await text).toMatch(/^ok +settings +every setting can be used\n/);
    const failed = examineServer(environment({ MASTER_KEY: 'kJ8-vQ2_xW5+zR7~bN4.mT6!hY9?cL3@' }), 'text');
    await expect(failed).rejects.toThrow(/ERROR +keys .*\n +→ Set MASTER_KEY/);
  });

  it.each([
    [0, 'ok'],
    [-1_900, 'ok'],
    [3_000, 'warning'],
    [-29_000, 'warning'],
    [31_000, 'error'],
  ])('judges a clock that is %i ms fast as %s', (drift, level) => {
    expect(clockCheck(drift).level).toBe(level);
  });

  it.each([
    [100, 200, 'ok'],
    [15, 200, 'warning'],
    [1, 4, 'warning'],
    [0.4, 1, 'error'],
  ])('judges %d GiB free of %d as %s', (free, total, level) => {
    expect(spaceCheck('DATA_DIR', free * 1024 ** 3, total * 1024 ** 3).level).toBe(level);
  });
});
