import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Pool } from 'pg';
import { Environment, Settings, setting } from '@adiuva/config';

class ThinConfig extends Settings('Thin', {
  PORT: setting.integer('Port', 0),
  FOLDER: setting.text('Where files go', ''),
  DATABASE_URL: setting.text('PostgreSQL', ''),
  BLOB_SYNC: setting.choice('As for the server', ['fsync', 'none'], 'fsync'),
}) {}

/** What our records are measured against: a PUT is one file write (synced like ours) and one upsert, and nothing else. */
async function main(): Promise<void> {
  const config = new ThinConfig(Environment.ofProcess());
  const pool = new Pool({ connectionString: config.DATABASE_URL, max: 20 });
  await pool.query(
    'CREATE TABLE IF NOT EXISTS thin (id text PRIMARY KEY, file text NOT NULL, size integer NOT NULL, at timestamptz NOT NULL)',
  );
  mkdirSync(config.FOLDER, { recursive: true });
  const put = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const id = request.url ?? '';
    if (request.method === 'PUT') {
      const file = join(config.FOLDER, randomBytes(16).toString('hex'));
      const handle = await open(file, 'wx');
      await handle.writeFile(bytes);
      if (config.BLOB_SYNC === 'fsync') await handle.sync();
      await handle.close();
      await pool.query(
        'INSERT INTO thin (id, file, size, at) VALUES ($1, $2, $3, now()) ON CONFLICT (id) DO UPDATE SET file = excluded.file, size = excluded.size, at = now()',
        [id, file, bytes.length],
      );
    }
    const answer = JSON.stringify({ ok: true });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length }).end(answer);
  };
  createServer((request, response) => void put(request, response)).listen(config.PORT, '127.0.0.1');
}

void main();
