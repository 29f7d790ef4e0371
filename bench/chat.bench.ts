import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { FakeOpenAi } from '../test/support/fake-openai';
import { bareRelay, question } from './bare-relay';
import { freePort, startServer } from './server';

const STREAMS = 100;
const FIRST_TOKEN_MS = 50;
const GAP_MS = 50;
const TOKENS = 40;
const SPREAD_MS = 10;
const MOST_ADDED_MS = 5;

/**
 * 100 paced streams at once (50 ms to the first token, 20 tokens a second): how much later than from the model itself does the first
 * token reach a client through us, and through a bare relay that does nothing but read the same model and emit on a socket?
 * The agent is named, so that both make one model call.
 */
export async function bench(): Promise<void> {
  const words = Array.from({ length: TOKENS }, (_, at) => `word${at} `);
  const model = await FakeOpenAi.start(() => ({ text: words, firstDelay: FIRST_TOKEN_MS, gap: GAP_MS }));
  const server = await startServer({ ...model.settings, RATE_LIMIT_FREE: '100000' });
  const port = await freePort();
  const close = await bareRelay(port, model.url);
  try {
    const ours = await server.socket();
    const bare = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] });
    await new Promise((resolve) => bare.once('connect', () => resolve(undefined)));
    await round('warm-up', ours, bare, model.url, STREAMS);
    const figures = await round('measured', ours, bare, model.url, STREAMS);
    process.stdout.write(`${JSON.stringify(figures, undefined, 1)}\n`);
    if (figures.added_by_us_ms > MOST_ADDED_MS)
      throw new Error(
        `the first token comes ${figures.added_by_us_ms} ms later than from the model; ${MOST_ADDED_MS} are allowed`,
      );
    ours.disconnect();
    bare.disconnect();
  } finally {
    close();
    await server.stop();
    await model.stop();
  }
}

async function round(name: string, ours: Socket, bare: Socket, modelUrl: string, streams: number) {
  const direct = await staggered(streams, () => firstFromModel(modelUrl));
  const relayed = await staggered(streams, (at) => firstFromSocket(bare, 'ask', `${name}-${at}`));
  const served = await staggered(streams, (at) => firstFromSocket(ours, 'chat:send', `${name}-${at}`));
  return {
    streams,
    model_p50_ms: p50(direct),
    relay_p50_ms: p50(relayed),
    ours_p50_ms: p50(served),
    added_by_relay_ms: rounded(p50(relayed) - p50(direct)),
    added_by_us_ms: rounded(p50(served) - p50(direct)),
  };
}

/** Starts the streams spread over a second, as users would, and waits for all first tokens and ends. */
async function staggered(streams: number, start: (at: number) => Promise<number>): Promise<readonly number[]> {
  const started: Promise<number>[] = [];
  for (let at = 0; at < streams; at += 1) {
    started.push(start(at));
    await pause(SPREAD_MS);
  }
  const times = await Promise.all(started);
  await pause(TOKENS * GAP_MS);
  return times;
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
    const hear = (token: { request_id: string }): void => {
      if (token.request_id !== id) return;
      socket.off('chat:token', hear);
      resolve(performance.now() - began);
    };
    socket.on('chat:token', hear);
    socket.emit(event, { message: 'say words', request_id: id, agents: ['task_agent'] });
  });
}

function p50(times: readonly number[]): number {
  return rounded([...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN);
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
