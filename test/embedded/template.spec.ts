import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemplate, startEmbeddedPostgres } from '@adiuva/embedded';
import { Client } from 'pg';

describe('a template of the embedded PostgreSQL', () => {
  const home = mkdtempSync(join(tmpdir(), 'adiuva-pg-'));
  const template = join(home, 'template');
  let templatePassword = '';

  beforeAll(async () => {
    await makeTemplate(template, async (url) => {
      templatePassword = new URL(url).password;
      await ask(url, 'CREATE TABLE prepared (name text)');
      await ask(url, "INSERT INTO prepared VALUES ('beforehand')");
    });
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('is what a first start begins with, under a password of its own', async () => {
    const dataDir = join(home, 'first');
    const postgres = await startEmbeddedPostgres({ dataDir, template });
    try {
      expect(await ask(postgres.url, 'SELECT name FROM prepared')).toEqual([{ name: 'beforehand' }]);
      const old = new URL(postgres.url);
      old.password = templatePassword;
      await expect(ask(old.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
      expect(readFileSync(join(dataDir, 'postgres.json'), 'utf8')).not.toContain(templatePassword);
      await ask(postgres.url, "UPDATE prepared SET name = 'changed'");
    } finally {
      await postgres.stop();
    }
    const again = await startEmbeddedPostgres({ dataDir, template });
    try {
      expect(await ask(again.url, 'SELECT name FROM prepared')).toEqual([{ name: 'changed' }]);
    } finally {
      await again.stop();
    }
  });

  test('that is damaged only makes the first start slower', async () => {
    const broken = join(home, 'broken');
    await makeTemplate(broken, () => Promise.resolve());
    rmSync(join(broken, 'global/pg_control'));
    const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'second'), template: broken });
    try {
      expect(await ask(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await postgres.stop();
    }
  });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
