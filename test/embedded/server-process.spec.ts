import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, PASSWORD } from '../support/app';
import { freePort, Program } from '../support/processes/server-process';

const SERVER = 'apps/api/src/main.ts';
const COMMANDS = 'apps/cli/src/main.ts';

describe('a server without a database of its own', () => {
  let folder: string;
  let port: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adiuva-run-'));
    port = await freePort();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const settings = () => ({ DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'info', SHUTDOWN_DELAY_MS: '0' });
  const post = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const account = async (token: string): Promise<{ tier: string; role: string }> => {
    const me = await fetch(`http://127.0.0.1:${port}/api/v1/auth/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return JSON.parse(await me.text());
  };

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
    await eventually(async () => {
      const { tier: current, role } = await account(token);
      return current === 'power' && role === 'admin';
    });

    second.child.kill('SIGTERM');
    const { code, output } = await second.ended;
    expect(code).toBe(0);
    for (const line of output.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    for (const secret of readdirSync(join(folder, 'secrets')))
      expect(statSync(join(folder, 'secrets', secret)).mode & 0o777).toBe(0o600);
  });
});
