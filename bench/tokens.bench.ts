import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { cpuMs, residentMb, startChild, type Child } from './child';
import { median } from './load';
import type { Report } from './report';
import { startServer, type BenchServer } from './server';

const ROUNDS = 3;
const WINDOW_MS = 4_000;
const A_SOCKET = 100;
const MAX_RATIO = 1.25;
const MAX_MB = 1_000;
const LOADS = [
  { streams: 1, gapMs: 5 },
  { streams: 100, gapMs: 50 },
  { streams: 1_000, gapMs: 250 },
];

/**
 * CPU of the server process for one token, against a bare Socket.IO relay that does nothing but read the same model and emit on a socket:
 * by turns in one run, measured while all streams flow. A hundred streams share a socket, the most that a user may have. At the end, the
 * memory of our server with 1,000 streams open. Needs `npm run build` first; Linux only.
 */
export async function bench(report: Report): Promise<void> {
  for (const { streams, gapMs } of LOADS.slice(0, report.size(LOADS.length, 2))) {
    const model = await startChild('word-model.ts', { GAP_MS: String(gapMs) });
    const relay = await startChild('bare-relay.ts', { MODEL_URL: `${model.url}/v1` });
    const settings = { LLM_PROVIDER: 'openai', OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: `${model.url}/v1` };
    const server = await startServer({
      ...settings,
      RATE_LIMIT_FREE: '100000',
      CHAT_STREAMS_FREE: '1000',
      REGISTER_LIMIT_PER_ADDRESS: '1000',
      LLM_MONTHLY_TOKENS_FREE: '1000000000',
    });
    try {
      await compare(report, streams, server, relay);
    } finally {
      for (const child of [model, relay]) child.process.kill();
      await server.stop();
    }
  }
}

async function compare(report: Report, streams: number, server: BenchServer, relay: Child): Promise<void> {
  const [rates, ratios]: [{ ours: number[]; bare: number[] }, number[]] = [{ ours: [], bare: [] }, []];
  let memory = 0;
  for (let round = 0; round <= report.size(ROUNDS, 1); round += 1) {
    const ours = await measured(server.process, streams, () => server.socket(), 'chat:send');
    const bare = await measured(relay.process, streams, () => bareSocket(relay.url), 'ask');
    memory = Math.max(memory, ours.mb);
    if (round > 0) {
      ratios.push(ours.micros / bare.micros);
      rates.ours.push(ours.micros);
      rates.bare.push(bare.micros);
    }
    report.note(`${streams} streams, round ${round}: ours ${told(ours)}, bare relay ${told(bare)}`);
  }
  report.max(`CPU of a token, ${streams} streams, times the bare relay's`, median(ratios), MAX_RATIO);
  report.note(`ours ${median(rates.ours).toFixed(1)} µs, bare relay ${median(rates.bare).toFixed(1)} µs`);
  report.max(`resident memory, ${streams} streams`, memory, MAX_MB, { unit: 'MB' });
}

interface Figures {
  readonly micros: number;
  readonly perSecond: number;
  readonly mb: number;
}

/** Opens the streams, lets all of them flow, and counts words and CPU for a while. */
async function measured(
  child: ChildProcess,
  streams: number,
  open: () => Promise<Socket>,
  event: string,
): Promise<Figures> {
  const flowing = new Set<string>();
  let words = 0;
  const sockets = await Promise.all(Array.from({ length: Math.ceil(streams / A_SOCKET) }, open));
  for (const [at, socket] of sockets.entries()) {
    socket.on('chat:token', ({ request_id, text }: { request_id: string; text: string }) => {
      flowing.add(request_id);
      words += text.split(' ').length - 1;
    });
    for (let stream = 0; stream < Math.min(A_SOCKET, streams); stream += 1) {
      socket.emit(event, { message: 'say words', request_id: `s-${at}-${stream}`, agents: ['task_agent'] });
      await pause(2);
    }
  }
  const patience = Date.now() + 20_000;
  while (flowing.size < streams) {
    if (Date.now() > patience) throw new Error(`only ${flowing.size} of ${streams} streams flow`);
    await pause(20);
  }
  await pause(1_000);
  const [cpu, before, began] = [cpuMs(child), words, performance.now()];
  await pause(WINDOW_MS);
  const [spent, heard, ms] = [cpuMs(child) - cpu, words - before, performance.now() - began];
  const mb = residentMb(child);
  for (const [at, socket] of sockets.entries()) {
    if (event === 'chat:send') await cancelled(socket, at, Math.min(A_SOCKET, streams));
    socket.disconnect();
  }
  return { micros: (spent * 1_000) / heard, perSecond: (heard * 1_000) / ms, mb };
}

async function cancelled(socket: Socket, at: number, streams: number): Promise<void> {
  const ids = Array.from({ length: streams }, (_, stream) => `s-${at}-${stream}`);
  await Promise.all(ids.map((request_id) => socket.emitWithAck('chat:cancel', { request_id })));
}

async function bareSocket(url: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true });
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
  return socket;
}

function told({ micros, perSecond }: Figures): string {
  return `${micros.toFixed(1)} µs a token at ${perSecond.toFixed(0)} tokens/s`;
}
