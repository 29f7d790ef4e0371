import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { residentMb, startChild } from './child';
import type { Report } from './report';
import { startServer } from './server';

const SOCKETS = 5_000;
/** A user may have so many. */
const A_USER = 20;
const BATCH = 100;
const SETTLED_MS = 5_000;
const MAX_KB = 30;

/** Resident memory of an idle socket, beside one of bare Socket.IO. Needs `npm run build` first; Linux only. */
export async function bench(report: Report): Promise<void> {
  const count = report.size(SOCKETS, 200);
  const server = await startServer({
    REGISTER_LIMIT_PER_ADDRESS: '100000',
    RATE_LIMIT_FREE: '1000000',
    ACCESS_TOKEN_SECONDS: '3600',
  });
  const relay = await startChild('bare-relay.ts', { MODEL_URL: 'http://127.0.0.1:9' });
  try {
    const tokens: string[] = [];
    while (tokens.length < count / A_USER) tokens.push((await server.register()).access_token);
    const ours = await perSocket(server.process, count, (index) =>
      connected(`${server.url}/api/v1/chat/stream`, tokens[index % tokens.length]),
    );
    const bare = await perSocket(relay.process, count, () => connected(relay.url));
    const peer = { name: 'bare Socket.IO', value: bare };
    report.max(`memory of an idle socket, ${count} sockets`, ours, MAX_KB, { unit: 'kB', peer });
  } finally {
    relay.process.kill();
    await server.stop();
  }
}

async function perSocket(
  child: Parameters<typeof residentMb>[0],
  count: number,
  open: (index: number) => Promise<Socket>,
): Promise<number> {
  await pause(SETTLED_MS);
  const before = residentMb(child);
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const next = Array.from({ length: Math.min(BATCH, count - sockets.length) }, (_, at) => open(sockets.length + at));
    sockets.push(...(await Promise.all(next)));
  }
  await pause(SETTLED_MS);
  const grown = residentMb(child) - before;
  for (const socket of sockets) socket.disconnect();
  return (grown * 1_000) / count;
}

function connected(url: string, token?: string): Promise<Socket> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true });
  return new Promise((done, failed) => {
    socket.once('connect', () => done(socket));
    socket.once('connect_error', failed);
  });
}
