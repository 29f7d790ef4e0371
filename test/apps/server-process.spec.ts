import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyDatabase } from '../support/database';
import { freePort, Program } from '../support/processes/server-process';

const SERVER = 'apps/api/src/main.ts';
const COMMANDS = 'apps/cli/src/main.ts';

describe('a server on a given database', () => {
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
    SHUTDOWN_DELAY_MS: '0',
    ...more,
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
