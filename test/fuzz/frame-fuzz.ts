import { io, type Socket } from 'socket.io-client';
import { mutated, oddValue } from './mutations';
import { Random } from './random';
import { SchemaValues, type Schema } from './schema-values';

export interface FrameFuzz {
  readonly port: number;
  readonly seed: number;
  readonly frames: number;
  readonly sockets: number;
  /** A token of a user who has sent no frame yet. */
  readonly token: () => Promise<string>;
}
export interface FrameFuzzReport {
  readonly accepted: number;
  /** How often each status was returned. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly reconnects: number;
  readonly faults: readonly string[];
}

interface Answer {
  readonly ok?: boolean;
  readonly problem?: { readonly status?: number };
}
interface EventDocument {
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly messages: readonly { $ref: string }[] }>
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly messages: Readonly<Record<string, { readonly name: string; readonly payload: Schema }>>;
  };
}

const NAMESPACE = '/api/v1/chat/stream';
const MAX_MS = 20_000;
/** Below the frames that a user may send in a burst. */
const FRAMES_A_SOCKET = 500;
const MAX_FAULTS = 20;
/** Packets that no Socket.IO client sends. Some of them end the connection. */
const RAW_PACKETS = [
  `42${NAMESPACE},["chat:send"`,
  `42${NAMESPACE},[]`,
  `42${NAMESPACE},[1]`,
  `42${NAMESPACE},["connect"]`,
  `42${NAMESPACE},["disconnect",1]`,
  `42${NAMESPACE},["__proto__",{}]`,
  `42${NAMESPACE},99999999999999999999["chat:send",{}]`,
  `43${NAMESPACE},99999999[{"ok":true}]`,
  `43${NAMESPACE},-1[]`,
  `451-${NAMESPACE},["chat:send",{"_placeholder":true,"num":9}]`,
  `45999999-${NAMESPACE},["chat:send"]`,
  `40/nowhere,{"token":{}}`,
  `40${NAMESPACE},{"token":{"toString":1}}`,
  `41/nowhere,`,
  `44${NAMESPACE},"x"`,
  '4',
  '9',
  '',
  '2probe',
];

/** Sends random frames for every event of the AsyncAPI document that the server receives. Each has to be acknowledged. */
export async function fuzzFrames({ port, seed, frames, sockets, token }: FrameFuzz): Promise<FrameFuzzReport> {
  const url = `http://127.0.0.1:${port}`;
  const document: EventDocument = JSON.parse(await (await fetch(`${url}/api/asyncapi.json`)).text());
  const random = new Random(seed);
  const nextFrame = frameSource(random, document);
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  let accepted = 0;
  let reconnects = -sockets;
  let left = frames;
  const work = async (): Promise<void> => {
    let socket: Socket | undefined;
    let sent = 0;
    let current = '';
    while (left > 0 && faults.length < MAX_FAULTS) {
      if (sent % FRAMES_A_SOCKET === 0) {
        current = await token();
        socket?.disconnect();
      }
      if (!socket?.connected) {
        reconnects += 1;
        socket = await connected(url, current, random);
      }
      left -= 1;
      sent += 1;
      if (random.chance(0.01)) {
        socket.io.engine.write(random.pick(RAW_PACKETS));
        continue;
      }
      const { event, payload } = nextFrame();
      const answer = await acknowledged(socket, event, payload);
      if (answer === 'disconnected') continue;
      const status = answer.problem?.status ?? (answer.ok === true ? 0 : 500);
      if (status === 0) accepted += 1;
      else statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 500 && status !== 501) faults.push(JSON.stringify({ event, payload, answer }).slice(0, 1_500));
    }
    socket?.disconnect();
  };
  await Promise.all(Array.from({ length: sockets }, work));
  return { accepted, statuses, reconnects, faults };
}

export function frameSource(random: Random, { operations, components }: EventDocument) {
  const values = new SchemaValues(random, components.schemas);
  const events = Object.values(operations)
    .filter(({ action }) => action === 'receive')
    .map(({ messages: [message] }) => components.messages[message?.$ref.split('/').at(-1) ?? ''])
    .filter((message) => message !== undefined);
  return (): { event: string; payload: unknown } => {
    const { name, payload: schema } = random.pick(events);
    const event = random.chance(0.98) ? name : random.pick(['chat:unknown', 'toString', '__proto__', 'ping', '']);
    if (random.chance(0.3)) return { event: name, payload: values.valid(schema) };
    let payload = random.chance(0.95) ? values.valid(schema) : oddValue(random);
    for (let faults = random.below(3); faults > 0; faults -= 1) payload = mutated(random, payload);
    return { event, payload: random.chance(0.98) ? payload : { message: payload, context: random.bytes(9) } };
  };
}

function connected(url: string, token: string, random: Random): Promise<Socket> {
  const options = { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(`${url}${NAMESPACE}`, options);
  // The answer of the client to a tool call is a frame as well.
  socket.on('chat:tool_call', (_, ack: (result: unknown) => void) =>
    ack(mutated(random, { ok: true, result: [{ id: 'a' }] })),
  );
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

/** Rejects when a connection that lives gives no acknowledgement. */
function acknowledged(socket: Socket, event: string, payload: unknown): Promise<Answer | 'disconnected'> {
  return new Promise((resolve, reject) => {
    const lost = (): void => done('disconnected');
    const timer = setTimeout(
      () => reject(new Error(`no acknowledgement of ${event} ${JSON.stringify(payload)}`)),
      MAX_MS,
    );
    const done = (answer: Answer | 'disconnected'): void => {
      clearTimeout(timer);
      socket.off('disconnect', lost);
      resolve(answer);
    };
    socket.once('disconnect', lost);
    socket.emit(event, payload, done);
  });
}
