import { Client } from 'pg';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import type { BenchServer } from './server';

/** The access token of a new user on the team plan: the bench writes the plan into the embedded database, as a payment would. */
export async function paidUser(server: BenchServer): Promise<string> {
  const { access_token: token } = await server.register();
  const me = await fetch(`${server.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  const { id } = (await me.json()) as { id: string };
  const url = await connectEmbeddedPostgres(server.dataDir);
  if (url === null) throw new Error('the server has no embedded database');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    `INSERT INTO entitlements (user_id, tier, seats) VALUES ($1, 'team', 1)
    ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`,
    [id],
  );
  await client.query('SELECT pg_notify($1, $2)', [
    'adiuva_signals',
    JSON.stringify([{ topic: 'entitlement.changed', data: { user_id: id } }]),
  ]);
  await client.end();
  return token;
}
