import { Client } from 'pg';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import type { BenchServer } from './server';

/** The access token of a new user on the team plan. */
export async function paidUser(server: BenchServer): Promise<string> {
  const { access_token: token } = await server.register();
  const me = await fetch(`${server.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  const { id } = (await me.json()) as { id: string };
  await payFor(server, id);
  return token;
}

/** Writes the team plan into the embedded database, as a payment would. */
export async function payFor(server: BenchServer, userId: string): Promise<void> {
  const url = await connectEmbeddedPostgres(server.dataDir);
  if (url === null) throw new Error('the server has no embedded database');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    `INSERT INTO entitlements (user_id, tier, seats) VALUES ($1, 'team', 1)
    ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`,
    [userId],
  );
  await client.query('SELECT pg_notify($1, $2)', [
    'adiuva_signals',
    JSON.stringify([{ topic: 'entitlement.changed', data: { user_id: userId } }]),
  ]);
  await client.end();
}
