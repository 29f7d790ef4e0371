import { createHash } from 'node:crypto';
import { Agent, request as http } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { MANIFEST } from '../marketplace/package-samples';
import { zip, zipOf } from '../support/builders/zip';
import type { Server } from './server';

/** One thing that a free or paying account can do to the server: what it is and how many requests it sends. Resolves with the statuses. */
export interface Attack {
  readonly name: string;
  readonly run: (server: Server) => Promise<readonly number[]>;
}

const MIB = 1_048_576;
const PADDING = 14_000;
const PADDED_TOKENS = 400_000_000 / PADDING;
const MAX_MS = 60_000;

/** Their bytes are made first, so that making them takes no time of an attack. */
export function attacks(): readonly Attack[] {
  const bomb = zip(Array.from({ length: 50 }, (_, at) => ({ name: `f${at}.txt`, data: Buffer.alloc(10_000_000) })));
  const slashes = zip([{ name: `${'a/'.repeat(32_766)}a`, data: 'x' }]);
  const pending = Array.from({ length: 16 }, (_, at) => zipOf({ 'main.js': randomText(9_000_000, at) }));
  return [
    {
      name: 'packages of 131 KB with a name of 32,766 slashes',
      run: (server) => packages(server, Array(8).fill(slashes)),
    },
    {
      name: 'zip bombs: 50 entries of 10 MB of zeros',
      run: (server) => packages(server, Array(8).fill(bomb)),
    },
    {
      name: 'pending packages: 9 MB each until the account is full',
      run: (server) => packages(server, pending),
    },
    {
      name: 'records of 24 MiB as JSON, 16 in parallel',
      run: (server) => {
        const blob = Buffer.alloc(24 * MIB, 1);
        const checksum = createHash('sha256').update(blob).digest('hex');
        return bodies(server, 16, JSON.stringify({ table: 'notes', blob: blob.toString('base64'), checksum }));
      },
    },
    {
      name: 'JSON bodies of 32 MiB of nested lists, 24 in parallel',
      run: (server) => bodies(server, 24, `{"table":"notes","blob":[${'[1],'.repeat(8 * MIB - 20)}1]}`),
    },
    { name: `${Math.round(PADDED_TOKENS)} padded tokens, 400 MB of headers`, run: paddedTokens },
    { name: 'sockets: 60 a user of 10 users, each sending 4 messages of 1 MiB', run: sockets },
    { name: 'agents that call agents, 20 messages in parallel', run: agents },
  ];
}

/** Statuses of the responses; 0 where the connection was closed. */
function send(
  server: Server,
  method: string,
  path: string,
  headers: Record<string, string | number>,
  body: Buffer | string = '',
  agent?: Agent,
): Promise<number> {
  return new Promise((resolve) => {
    const sent = http({
      host: '127.0.0.1',
      port: server.port,
      method,
      path: `/api/v1${path}`,
      headers: { 'content-length': Buffer.byteLength(body), ...headers },
      ...(agent ? { agent } : {}),
    });
    sent.setTimeout(MAX_MS, () => sent.destroy(new Error('no response')));
    sent.once('response', (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.end(body);
  });
}

async function packages(server: Server, zips: readonly Buffer[]): Promise<number[]> {
  const token = await server.newUser();
  return Promise.all(
    zips.map((bytes, at) => {
      const manifest = JSON.stringify({ ...MANIFEST, name: `Attack ${at}` });
      const body = Buffer.concat([
        Buffer.from(`--b\r\nContent-Disposition: form-data; name="manifest"\r\n\r\n${manifest}\r\n`),
        Buffer.from('--b\r\nContent-Disposition: form-data; name="package"; filename="a.zip"\r\n'),
        Buffer.from('Content-Type: application/zip\r\n\r\n'),
        bytes,
        Buffer.from('\r\n--b--\r\n'),
      ]);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=b' };
      return send(server, 'POST', '/plugins', headers, body);
    }),
  );
}

/** Text that deflate makes little smaller. */
function randomText(length: number, seed: number): string {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, at) =>
    createHash('sha256').update(`${seed}-${at}`).digest('hex'),
  );
  return blocks.join('');
}

async function bodies(server: Server, count: number, json: string): Promise<number[]> {
  const token = await server.login('payer@example.org');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = Buffer.from(json);
  return Promise.all(Array.from({ length: count }, () => send(server, 'POST', '/storage/records', headers, body)));
}

async function paddedTokens(server: Server): Promise<number[]> {
  const token = await server.newUser();
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const statuses: number[] = [];
  let left = PADDED_TOKENS;
  const work = async (): Promise<void> => {
    for (; left > 0; left -= 1) {
      const padding = `${left} `.padEnd(PADDING, 'x');
      const separator = left % 2 === 0 ? ' ' : '.';
      const headers = { authorization: `Bearer ${token}${separator}${padding}` };
      statuses.push(await send(server, 'GET', '/auth/me', headers, '', agent));
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  agent.destroy();
  return statuses;
}

async function sockets(server: Server): Promise<number[]> {
  const open: Socket[] = [];
  const statuses: number[] = [];
  const tokens: string[] = [];
  for (let user = 0; user < 10; user += 1) tokens.push(await server.newUser());
  for (const token of tokens) {
    const made = Array.from({ length: 60 }, () => connected(server.port, token));
    for (const one of await Promise.all(made)) {
      if (typeof one === 'number') statuses.push(one);
      else open.push(one);
    }
  }
  const messages = [
    { message: 'x'.repeat(MIB) },
    { message: 'Hi', context: { relevant_documents: ['x'.repeat(MIB - 64)] } },
  ];
  const acks: Promise<number>[] = [];
  for (const message of [...messages, ...messages]) {
    for (const socket of open) {
      acks.push(statusOf(socket, message));
      // So that this process continues to answer pings.
      await setImmediate();
    }
  }
  statuses.push(...(await Promise.all(acks)));
  for (const socket of open) socket.disconnect();
  return statuses;
}

async function statusOf(socket: Socket, message: object): Promise<number> {
  const answer: { problem?: { status: number } } = await socket
    .timeout(MAX_MS)
    .emitWithAck('chat:send', message)
    .catch(() => ({ problem: { status: 0 } }));
  return answer.problem?.status ?? 200;
}

function connected(port: number, token: string): Promise<Socket | number> {
  const options = { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(`http://127.0.0.1:${port}/api/v1/chat/stream`, options);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error: Error & { data?: { status?: number } }) => resolve(error.data?.status ?? 0));
  });
}

async function agents(server: Server): Promise<number[]> {
  const token = await server.newUser();
  const body = JSON.stringify({ message: 'Do it all', agents: ['task_agent'] });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return Promise.all(Array.from({ length: 20 }, () => send(server, 'POST', '/chat', headers, body)));
}
