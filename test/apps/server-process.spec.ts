import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD } from '../support/app';
import { emptyDatabase } from '../support/database';
import { freePort, Program } from '../support/processes/server-process';

jest.setTimeout(90_000);

const SERVER = 'apps/api/src/main.ts';
const COMMANDS = 'apps/cli/src/main.ts';

describe('the server as it is started by hand', () => {
  let folder: string;
  let port: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adiuva-run-'));
    port = await freePort();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const settings = (more: Record<string, string> = {}) => ({
    DATA_DIR: folder,
    PORT: String(port),
    LOG_LEVEL: 'info',
    ...more,
  });
  const post = (path: string, body: object, token?: string) =>
    fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });

  it('needs nothing but a folder, loses no account to kill -9, takes commands while it runs, and ends in order', async () => {
    const email = 'anna@example.org';
    const first = Program.start(SERVER, [], settings());
    await first.ready(port);
    expect((await post('/auth/register', { email, password: PASSWORD })).status).toBe(201);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = Program.start(SERVER, [], settings());
    await second.ready(port);
    const login = await post('/auth/login', { email, password: PASSWORD });
    expect(login.status).toBe(200);
    const { access_token: token }: { access_token: string } = JSON.parse(await login.text());

    const tier = await Program.start(COMMANDS, ['admin', 'tier', email, 'power'], settings()).ended;
    expect(tier).toEqual({ code: 0, output: `${email} has the tier power now.\n` });
    const admin = await Program.start(COMMANDS, ['admin', 'create', email], settings()).ended;
    expect(admin.output).toContain('is an administrator now');
    await new Promise((done) => setTimeout(done, 3_500));
    const me = await fetch(`http://127.0.0.1:${port}/api/v1/auth/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await me.json()).toMatchObject({ tier: 'power', role: 'admin' });

    second.child.kill('SIGTERM');
    const { code, output } = await second.ended;
    expect(code).toBe(0);
    for (const line of output.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    for (const secret of readdirSync(join(folder, 'secrets')))
      expect(statSync(join(folder, 'secrets', secret)).mode & 0o777).toBe(0o600);
  });

  it('in production refuses missing, short and default secrets, half a provider and pending migrations', async () => {
    const database = await emptyDatabase();
    const good = 'kJ8-vQ2_xW5+zR7~bN4.mT6!hY9?cL3@';
    const production = { ENV: 'prod', DATABASE_URL: database.url, MASTER_KEY: good.split('').reverse().join('') };
    const refusals: readonly (readonly [Record<string, string>, string])[] = [
      [{}, 'JWT_SECRET'],
      [{ JWT_SECRET: 'short' }, 'JWT_SECRET'],
      [{ JWT_SECRET: 'changeme-changeme-changeme-changeme' }, 'JWT_SECRET'],
      [{ JWT_SECRET: good, LLM_PROVIDER: 'openai' }, 'OPENAI_API_KEY'],
      [{ JWT_SECRET: good, PORT: 'eighty' }, 'PORT'],
      [{ JWT_SECRET: good }, 'npm run migrate'],
    ];
    const ends = await Promise.all(
      refusals.map(([more]) => Program.start(SERVER, [], settings({ ...production, ...more })).ended),
    );
    for (const [at, { code, output }] of ends.entries()) {
      expect([code, output]).toEqual([1, expect.stringContaining(refusals[at]?.[1] ?? '')]);
      expect(output).not.toContain('changeme');
    }
    expect((await Program.start(COMMANDS, ['migrate'], settings(production)).ended).code).toBe(0);
    const server = Program.start(SERVER, [], settings({ ...production, JWT_SECRET: good }));
    await server.ready(port);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    await database.drop();
  });
});
