import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { question } from './bare-relay';
import { startChild } from './child';
import { median, quantile } from './load';
import type { Report } from './report';
import { startServer } from './server';

const STREAMS = 100;
const GAP_MS = 50;
const WORDS = 40;
const SPREAD_MS = 10;
const ROUNDS = 5;
const LONE = 30;
/** Longer than the two words of a lone user take. */
const LONE_GAP_MS = 150;
const MAX_ADDED_MS = { p50: 2, p99: 8, lone: 2 };

/** Times of the first tokens in milliseconds, sorted. */
type Times = readonly number[];

interface Round {
  readonly direct: Times;
  readonly relay: Times;
  readonly ours: Times;
}

/**
 * 100 concurrent paced streams (50 ms to the first token, 20 tokens a second): how much later than from the model itself does the first
 * token reach a client through us, and through a bare relay that does nothing but read the same model and emit on a socket? Model, relay
 * and server are processes of their own, and are asked by turns, in rounds; what counts is the median round. The agent is named, so that
 * one model call is made. Needs `npm run build` first.
 */
export async function bench(report: Report): Promise<void> {
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
    const [crowded, lone]: [Round[], Round[]] = [[], []];
    for (let at = 0; at <= report.size(ROUNDS, 1); at += 1) {
      const asked = { model: modelUrl, bare, ours };
      const many = await round(asked, `${at}`, 'say words', staggered);
      const alone = await round(asked, `lone-${at}`, 'say 2 words', oneByOne);
      if (at === 0) continue;
      crowded.push(many);
      lone.push(alone);
    }
    ours.disconnect();
    bare.disconnect();
    judge(report, `${STREAMS} paced streams, p50`, crowded, 0.5, MAX_ADDED_MS.p50);
    judge(report, `${STREAMS} paced streams, p99`, crowded, 0.99, MAX_ADDED_MS.p99);
    judge(report, 'a lone user, p50', lone, 0.5, MAX_ADDED_MS.lone);
  } finally {
    for (const child of [model, relay]) child.process.kill();
    await server.stop();
  }
}

function judge(report: Report, of: string, rounds: readonly Round[], share: number, limit: number): void {
  const added = (which: 'ours' | 'relay'): number =>
    median(rounds.map((round) => quantile(round[which], share) - quantile(round.direct, share)));
  const peer = { name: 'bare relay', value: added('relay') };
  report.max(`added to the first token, ${of}`, added('ours'), limit, { unit: 'ms', peer });
}

type Run = (start: (stream: number) => Promise<number>) => Promise<Times>;

async function round(
  { model, bare, ours }: { model: string; bare: Socket; ours: Socket },
  at: string,
  message: string,
  run: Run,
): Promise<Round> {
  return {
    direct: await run(() => firstFromModel(model, message)),
    relay: await run((stream) => firstFromSocket(bare, 'ask', `${at}-${stream}`, message)),
    ours: await run((stream) => firstFromSocket(ours, 'chat:send', `${at}-${stream}`, message)),
  };
}

/** Starts the streams spread over a second, as users would, and waits for all first tokens and ends. */
async function staggered(start: (stream: number) => Promise<number>): Promise<Times> {
  const started: Promise<number>[] = [];
  for (let stream = 0; stream < STREAMS; stream += 1) {
    started.push(start(stream));
    await pause(SPREAD_MS);
  }
  const times = await Promise.all(started);
  await pause(WORDS * GAP_MS);
  return times.sort((one, other) => one - other);
}

async function oneByOne(start: (stream: number) => Promise<number>): Promise<Times> {
  const times: number[] = [];
  while (times.length < LONE) {
    times.push(await start(times.length));
    await pause(LONE_GAP_MS);
  }
  return times.sort((one, other) => one - other);
}

async function firstFromModel(url: string, message: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}/chat/completions`, { method: 'POST', body: question('direct', message) });
  let first = 0;
  for await (const chunk of response.body ?? []) {
    if (first === 0 && Buffer.from(chunk).includes('word0')) first = performance.now() - began;
  }
  return first;
}

function firstFromSocket(socket: Socket, event: string, id: string, message: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    const onToken = (token: { request_id: string }): void => {
      if (token.request_id !== id) return;
      socket.off('chat:token', onToken);
      resolve(performance.now() - began);
    };
    socket.on('chat:token', onToken);
    socket.emit(event, { message, request_id: id, agents: ['task_agent'] });
  });
}
