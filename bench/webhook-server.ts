import { createServer } from 'node:http';
import { Pool } from 'pg';
import Stripe from 'stripe';
import { Environment } from '@adiuva/config';
import { createApplication } from '../apps/api/src/application';
import { WEBHOOK_ONLY, WEBHOOK_SECRET } from '../test/support/builders/stripe-life';

const POOL = 20;

/** The whole server. */
async function ours(databaseUrl: string, dataDir: string): Promise<number> {
  const environment = new Environment({
    ENV: 'test',
    LOG_LEVEL: 'warn',
    LLM_PROVIDER: 'offline',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: String(POOL),
    DATA_DIR: dataDir,
    ...WEBHOOK_ONLY,
  });
  const app = await createApplication(environment);
  await app.listen(0, '127.0.0.1');
  return Number(new URL(await app.getUrl()).port);
}

/** The least that may be called a webhook: Node's HTTP, the SDK's check of the signature, one insert by the event's id. */
async function bare(databaseUrl: string): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl, max: POOL });
  await pool.query(
    'CREATE TABLE bare_events (id text PRIMARY KEY, type text NOT NULL, received_at timestamptz NOT NULL DEFAULT now())',
  );
  const { webhooks } = new Stripe('sk_test_unused');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = webhooks.constructEvent(
        Buffer.concat(chunks),
        request.headers['stripe-signature'] ?? '',
        WEBHOOK_SECRET,
      );
      const insert = 'INSERT INTO bare_events (id, type) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING';
      pool.query(insert, [event.id, event.type]).then(
        () => response.setHeader('content-type', 'application/json').end('{"ok":true}'),
        () => response.writeHead(503).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const [which = '', databaseUrl = '', dataDir = ''] = process.argv.slice(2);
process.once('disconnect', () => process.exit(0));
void (which === 'ours' ? ours(databaseUrl, dataDir) : bare(databaseUrl)).then((port) => process.send?.(port));
