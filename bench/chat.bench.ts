import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { question } from './bare-relay';
import { startChild } from './child';
import { median } from './load';
import { startServer } from './server';

const STREAMS = 100;
const GAP_MS = 50;
const WORDS = 40;
const SPREAD_MS = 10;
const ROUNDS = 5;
const MAX_ADDED_MS = 5;

interface Round {
  readonly direct: number;
  readonly relay: number;
  readonly ours: number;
}

/**
 * 100 concurrent paced streams (50 ms to the first token, 20 tokens a second): how much later than from the model itself does the first
 * token reach a client through us, and through a bare relay that does nothing but read the same model and emit on a socket? Model, relay
 * and server are processes of their own, and are asked by turns, in rounds; what counts is the median round. The agent is named, so that
 * one model call is made. Needs `npm run build` first.
 */
export async function bench(): Promise<void> {
  const model = await startChild('word-model.ts', { GAP_MS: String(GAP_MS), WORDS: String(WORDS) });
  const modelUrl = `${model.url}/v1`;
  const relay = await startChild('bare-relay.ts', { MODEL_URL: modelUrl });
  const settings = { LLM_PROVIDER: 'openai', OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: modelUrl };
  const server = await startServer({
    ...settings,
    RATE_LIMIT_FREE: '100000',
    CHAT_STREAMS_FREE: '1000',
    LLM_MONTHLY_TOKENS_FREE: '1000000000',
  });
  try {
    const ours = await server.socket();
    const bare = io(relay.url, { transports: ['websocket'] });
    await new Promise((resolve) => bare.once('connect', () => resolve(undefined)));
    const rounds: Round[] = [];
    for (let at = 0; at <= ROUNDS; at += 1) {
      const figures = await round(at, ours, bare, modelUrl);
      if (at > 0) rounds.push(figures);
      process.stdout.write(`${at === 0 ? 'warm-up' : `round ${at}`}: ${told(figures)}\n`);
    }
    ours.disconnect();
    bare.disconnect();
    judge(rounds);
  } finally {
    for (const child of [model, relay]) child.process.kill();
    await server.stop();
  }
}

function judge(rounds: readonly Round[]): void {
  const added = median(rounds.map(({ ours, direct }) => ours - direct));
  const byRelay = median(rounds.map(({ relay, direct }) => relay - direct));
  process.stdout.write(
    `median round: the first token comes ${added.toFixed(2)} ms later than from the model (a bare relay: ${byRelay.toFixed(2)} ms)\n`,
  );
  if (added > MAX_ADDED_MS) throw new Error(`${added.toFixed(2)} ms are added; ${MAX_ADDED_MS} are allowed`);
}

/** The median first token of each way, in milliseconds. */
async function round(at: number, ours: Socket, bare: Socket, modelUrl: string): Promise<Round> {
  return {
    direct: await staggered(() => firstFromModel(modelUrl)),
    relay: await staggered((stream) => firstFromSocket(bare, 'ask', `${at}-${stream}`)),
    ours: await staggered((stream) => firstFromSocket(ours, 'chat:send', `${at}-${stream}`)),
  };
}

/** Starts the streams spread over a second, as users would, and waits for all first tokens and ends. */
async function staggered(start: (stream: number) => Promise<number>): Promise<number> {
  const started: Promise<number>[] = [];
  for (let stream = 0; stream < STREAMS; stream += 1) {
    started.push(start(stream));
    await pause(SPREAD_MS);
  }
  const times = await Promise.all(started);
  await pause(WORDS * GAP_MS);
  return median(times);
}

async function firstFromModel(url: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}/chat/completions`, { method: 'POST', body: question('direct') });
  let first = 0;
  for await (const chunk of response.body ?? []) {
    if (first === 0 && Buffer.from(chunk).includes('word0')) first = performance.now() - began;
  }
  return first;
}

function firstFromSocket(socket: Socket, event: string, id: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    const onToken = (token: { request_id: string }): void => {
      if (token.request_id !== id) return;
      socket.off('chat:token', onToken);
      resolve(performance.now() - began);
    };
    socket.on('chat:token', onToken);
    socket.emit(event, { message: 'say words', request_id: id, agents: ['task_agent'] });
  });
}

function told({ direct, relay, ours }: Round): string {
  return `model ${direct.toFixed(2)} ms, bare relay +${(relay - direct).toFixed(2)} ms, ours +${(ours - direct).toFixed(2)} ms`;
}
