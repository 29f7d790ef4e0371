import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Controller, Get, Module, Put, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Pool } from 'pg';
import { Environment, Settings, setting } from '@adiuva/config';

class ThinConfig extends Settings('Thin', {
  PORT: setting.integer('Port', 0),
  FOLDER: setting.text('Where files go', ''),
  DATABASE_URL: setting.text('PostgreSQL', ''),
  BLOB_SYNC: setting.choice('As for the server', ['fsync', 'none'], 'fsync'),
  STACK: setting.choice('What answers: bare Node, or Nest on Express as for the server', ['node', 'nest'], 'node'),
}) {}

const config = new ThinConfig(Environment.ofProcess());
const pool = new Pool({ connectionString: config.DATABASE_URL, max: 20 });

/** What our records are measured against: a PUT is one file write (synced like ours) and one upsert, and nothing else. */
async function put(request: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const file = join(config.FOLDER, randomBytes(16).toString('hex'));
  const handle = await open(file, 'wx');
  await handle.writeFile(bytes);
  if (config.BLOB_SYNC === 'fsync') await handle.sync();
  await handle.close();
  await pool.query(
    'INSERT INTO thin (id, file, size, at) VALUES ($1, $2, $3, now()) ON CONFLICT (id) DO UPDATE SET file = excluded.file, size = excluded.size, at = now()',
    [request.url ?? '', file, bytes.length],
  );
}

@Controller()
class ThinController {
  @Get()
  ready(): object {
    return { ok: true };
  }

  @Put(':id')
  async put(@Req() request: IncomingMessage): Promise<object> {
    await put(request);
    return { ok: true };
  }
}

@Module({ controllers: [ThinController] })
class ThinModule {}

async function onNest(): Promise<void> {
  const app = await NestFactory.create(ThinModule, { logger: false, bodyParser: false });
  await app.listen(config.PORT, '127.0.0.1');
}

function onNode(): void {
  createServer((request, response) => {
    const answer = JSON.stringify({ ok: true });
    void (request.method === 'PUT' ? put(request) : Promise.resolve()).then(() =>
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length }).end(answer),
    );
  }).listen(config.PORT, '127.0.0.1');
}

async function main(): Promise<void> {
  await pool.query(
    'CREATE TABLE IF NOT EXISTS thin (id text PRIMARY KEY, file text NOT NULL, size integer NOT NULL, at timestamptz NOT NULL)',
  );
  mkdirSync(config.FOLDER, { recursive: true });
  if (config.STACK === 'nest') await onNest();
  else onNode();
}

void main();
