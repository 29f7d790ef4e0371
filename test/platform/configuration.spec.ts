import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../apps/api/src/application';
import { assertConfiguration, ConfigurationError, Environment } from '@adiuva/config';
import { freePort, Program } from '../support/processes/server-process';

const SECRET = 'kJ8-vQ2_xW5+zR7~bN4.mT6!hY9?cL3@';
const OTHER = '3Lc?9Yh!6Tm.4Nb~7Rz+5Wx_2Qv-8Jk@';

function faultsOf(variables: Record<string, string>): readonly string[] {
  try {
    assertConfiguration(new Environment(variables));
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

describe('a configuration', () => {
  it('is refused with all its faults, each by the name of its variable', () => {
    const faults = faultsOf({
      JOBS_IN_PROCESS: 'ture',
      PORT: '80.5',
      METRICS_PORT: '0x10',
      RATE_LIMIT_FREE: ' 7 ',
      LOG_LEVEL: 'loud',
      JWT_SECRET: 'short',
      MASTER_KEY_FILE: 'no-such-file',
    });
    for (const name of ['JOBS_IN_PROCESS', 'PORT', 'METRICS_PORT', 'RATE_LIMIT_FREE', 'LOG_LEVEL', 'MASTER_KEY_FILE'])
      expect(faults).toContainEqual(expect.stringMatching(new RegExp(`^${name}: `)));
    expect(faults).toContainEqual(expect.stringMatching(/^JWT_SECRET: shorter/));
    expect(faults.join()).not.toContain('ture');
  });

  it('is refused with what does not fit together too, although another variable of the same part is malformed', () => {
    const faults = faultsOf({ ENV: 'prod', JOBS_IN_PROCESS: 'ture', CORS_ORIGINS: '*', JWT_SECRET: 'short' });
    for (const name of ['JOBS_IN_PROCESS', 'CORS_ORIGINS', 'JWT_SECRET', 'MASTER_KEY'])
      expect(faults).toContainEqual(expect.stringMatching(new RegExp(`^${name}: `)));
  });

  it('is refused for a variable whose name begins with that of a malformed one', () => {
    const secrets = { JWT_SECRET_FILE: 'no-such-file', JWT_SECRET_PREVIOUS: 'short' };
    const faults = faultsOf(secrets);
    for (const name of ['JWT_SECRET_FILE', 'JWT_SECRET_PREVIOUS'])
      expect(faults).toContainEqual(expect.stringMatching(new RegExp(`^${name}: `)));
  });

  const production = { ENV: 'prod', MASTER_KEY: SECRET, JWT_SECRET: OTHER };
  it.each([
    ['no MASTER_KEY', { MASTER_KEY: '' }, 'MASTER_KEY: must be set'],
    ['every origin allowed', { CORS_ORIGINS: 'app://*,*' }, 'CORS_ORIGINS: '],
    ['every origin of a scheme allowed', { CORS_ORIGINS: 'https://*' }, 'CORS_ORIGINS: '],
    ['two equal secrets', { JWT_SECRET: SECRET }, 'has the same value as'],
    ['a short secret', { MASTER_KEY: 'short' }, 'MASTER_KEY: shorter'],
    ['a short secret of webhooks', { STRIPE_WEBHOOK_SECRET: 'whsec_short' }, 'STRIPE_WEBHOOK_SECRET: each secret'],
  ])('in production is refused with %s', (_, more, fault) => {
    expect(faultsOf(production)).toEqual([]);
    expect(faultsOf({ ...production, ...more }).join()).toContain(fault);
  });
});

describe('the server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'adiuva-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses to start on a METRICS_PORT that is taken, by its name', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, output } = await Program.start('apps/api/src/main.ts', [], {
      DATA_DIR: folder,
      PORT: String(await freePort()),
      METRICS_PORT: String(port),
    }).ended;
    taken.close();
    expect([code, output]).toEqual([1, expect.stringContaining('METRICS_PORT: cannot listen there (EADDRINUSE)')]);
  });

  it('ends after SIGTERM although the reader of its output has stopped reading', async () => {
    const port = await freePort();
    const server = Program.start('apps/api/src/main.ts', [], {
      DATA_DIR: folder,
      PORT: String(port),
      LOG_LEVEL: 'info',
      SHUTDOWN_GRACE_MS: '1000',
    });
    await server.ready(port);
    server.child.stdout?.pause();
    for (let sent = 0; sent < 4_000; sent += 100) {
      await Promise.all(
        Array.from({ length: 100 }, () =>
          fetch(`http://127.0.0.1:${port}/api/v1/auth/me`).then((response) => response.text()),
        ),
      );
    }
    const exited = new Promise((resolve) => server.child.once('exit', resolve));
    server.child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });
});
