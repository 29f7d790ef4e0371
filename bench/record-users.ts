import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { NodeProcess } from '../test/support/processes/node-process';
import { Connection, httpRequest } from './load';

export const SIZE = 4_096;

export interface User {
  readonly id: string;
  readonly token: string;
}

export async function newUser(server: NodeProcess, database: Client): Promise<User> {
  const body = Buffer.from(
    JSON.stringify({ email: `${randomUUID()}@example.org`, password: 'a long walk by the sea' }),
  );
  const { access_token: token } = JSON.parse(
    await call(server, httpRequest('POST', '/api/v1/auth/register', { 'Content-Type': 'application/json' }, body)),
  );
  const { id } = JSON.parse(
    await call(server, httpRequest('GET', '/api/v1/auth/me', { Authorization: `Bearer ${token}` })),
  );
  await database.query(
    `INSERT INTO entitlements (user_id, tier) VALUES ($1, 'team') ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`,
    [id],
  );
  return { id, token };
}

/** The server remembers a tier for at most 3 s. */
export function awaitTiers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3_200));
}

export async function create(server: NodeProcess, user: User): Promise<string> {
  const bytes = randomBytes(SIZE);
  const headers = { ...streamHeaders(user, bytes), 'X-Table': 'notes' };
  return JSON.parse(await call(server, httpRequest('POST', '/api/v1/storage/records', headers, bytes))).id;
}

export async function call(server: NodeProcess, request: Buffer): Promise<string> {
  const connection = new Connection(server.port);
  const { status, body } = await connection.send(request);
  connection.end();
  if (status >= 300) throw new Error(`a request was answered ${status} ${body}`);
  return body;
}

export function streamHeaders(user: User, bytes: Buffer): Record<string, string> {
  return {
    Authorization: `Bearer ${user.token}`,
    'Content-Type': 'application/octet-stream',
    'X-Checksum': sha256(bytes),
  };
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
