import { io, type Socket } from 'socket.io-client';
import { mutated, oddValue } from './mutations';
import { Random } from './random';
import { SchemaValues, type Schema } from './schema-values';

export interface FrameFuzz {
  readonly port: number;
  readonly seed: number;
  readonly frames: number;
  readonly sockets: number;
  /** A user who has sent no frame yet. */
  readonly user: () => Promise<FrameUser>;
}
export interface FrameUser {
  readonly token: string;
  /** Makes the server emit events to the sockets of the user. */
  readonly act?: (random: Random) => Promise<void>;
}
export interface FrameFuzzReport {
  readonly accepted: number;
  /** How often each status was returned. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly reconnects: number;
  /** Events of the document whose frames were never accepted, or that no socket has received. */
  readonly missing: readonly string[];
  readonly faults: readonly string[];
}

interface Answer {
  readonly ok?: boolean;
  readonly problem?: { readonly status?: number };
}
interface EventDocument {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly messages: readonly { $ref: string }[] }>
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly messages: Readonly<Record<string, { readonly name: string; readonly payload: Schema }>>;
  };
}

const MAX_MS = 120_000;
/** Below the frames that a user may send in a burst. */
const FRAMES_A_SOCKET = 500;
const MAX_FAULTS = 20;
const MESSAGES = ['add a task: buy bread', 'list my tasks', 'Hi', 'delete task Milk', 'how many tasks are late?'];
/** Packets that no Socket.IO client sends. Some of them end the connection. */
const rawPackets = (namespace: string): readonly string[] => [
  `42${namespace},["chat:send"`,
  `42${namespace},[]`,
  `42${namespace},[1]`,
  `42${namespace},["connect"]`,
  `42${namespace},["disconnect",1]`,
  `42${namespace},["__proto__",{}]`,
  `42${namespace},99999999999999999999["chat:send",{}]`,
  `43${namespace},99999999[{"ok":true}]`,
  `43${namespace},-1[]`,
  `451-${namespace},["chat:send",{"_placeholder":true,"num":9}]`,
  `45999999-${namespace},["chat:send"]`,
  `40/nowhere,{"token":{}}`,
  `40${namespace},{"token":{"toString":1}}`,
  `41/nowhere,`,
  `44${namespace},"x"`,
  '4',
  '9',
  '',
  '2probe',
];

/**
 * Sends random frames for every event of the AsyncAPI document that the server receives, in every namespace of it. Each has to be acknowledged.
 * The acknowledgements that the server asks for are random as well.
 */
export async function fuzzFrames({ port, seed, frames, sockets, user }: FrameFuzz): Promise<FrameFuzzReport> {
  const url = `http://127.0.0.1:${port}`;
  const document: EventDocument = JSON.parse(await (await fetch(`${url}/api/asyncapi.json`)).text());
  const namespaces = Object.values(document.channels).map(({ address }) => address);
  const random = new Random(seed);
  const seen = new Set<string>();
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  let accepted = 0;
  let reconnects = -sockets;
  let left = frames;
  const count = (event: string, payload: unknown, answer: Answer): void => {
    const status = answer.problem?.status ?? (answer.ok === true ? 0 : 500);
    if (status === 0) accepted += 1;
    else statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 0) seen.add(event);
    if (status >= 500 && status !== 501) faults.push(JSON.stringify({ event, payload, answer }).slice(0, 1_500));
  };
  const work = async (): Promise<void> => {
    let socket: Socket | undefined;
    let current: FrameUser = { token: '' };
    let nextFrame = frameSource(random, document, '');
    for (let sent = 0; left > 0 && faults.length < MAX_FAULTS; sent += 1) {
      if (sent % FRAMES_A_SOCKET === 0) {
        current = await user();
        nextFrame = frameSource(random, document, current.token);
        socket?.disconnect();
      }
      if (random.chance(0.02)) await current.act?.(random);
      if (!socket?.connected) {
        reconnects += 1;
        socket = await connected(`${url}${random.pick(namespaces)}`, current.token, random, seen);
      }
      left -= 1;
      if (random.chance(0.01)) {
        socket.io.engine.write(random.pick(rawPackets(random.pick(namespaces))));
        continue;
      }
      const { event, payload } = nextFrame();
      const answer = await acknowledged(socket, event, payload);
      if (answer !== 'disconnected') count(event, payload, answer);
    }
    socket?.disconnect();
  };
  await Promise.all(Array.from({ length: sockets }, work));
  return { accepted, statuses, reconnects, missing: eventsOf(document).filter((event) => !seen.has(event)), faults };
}

/** The names of the events of both directions. */
function eventsOf({ operations, components }: EventDocument): string[] {
  return Object.values(operations).flatMap(({ messages: [message] }) => {
    const found = components.messages[message?.$ref.split('/').at(-1) ?? ''];
    return found ? [found.name] : [];
  });
}

/** Frames of one user: a chat that was sent is resumed and cancelled by later ones. */
function frameSource(random: Random, { operations, components }: EventDocument, token: string) {
  const values = new SchemaValues(random, components.schemas);
  const events = Object.values(operations)
    .filter(({ action }) => action === 'receive')
    .map(({ messages: [message] }) => components.messages[message?.$ref.split('/').at(-1) ?? ''])
    .filter((message) => message !== undefined);
  const chats: object[] = [];
  let count = 0;
  const known = (event: string): object => {
    if (event === 'auth:renew') return { token };
    if (event !== 'chat:send') return chats.at(random.chance(0.5) ? -1 : random.below(chats.length + 1)) ?? {};
    const chat = { request_id: `chat-${(count += 1)}`, resume_key: random.bytes(32).toString('base64url') };
    chats.push(chat);
    return { ...chat, message: random.pick(MESSAGES) };
  };
  return (): { event: string; payload: unknown } => {
    const { name, payload: schema } = random.pick(events);
    const event = random.chance(0.98) ? name : random.pick(['chat:unknown', 'toString', '__proto__', 'ping', '']);
    const made = values.valid(schema);
    const valid = typeof made === 'object' ? { ...made, ...known(name) } : made;
    if (random.chance(0.3)) return { event: name, payload: valid };
    let payload = random.chance(0.95) ? valid : oddValue(random);
    for (let faults = random.below(3); faults > 0; faults -= 1) payload = mutated(random, payload);
    return { event, payload: random.chance(0.98) ? payload : { message: payload, context: random.bytes(9) } };
  };
}

function connected(url: string, token: string, random: Random, seen: Set<string>): Promise<Socket> {
  const options = { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(url, options);
  socket.onAny((event: string, ...rest: unknown[]) => {
    seen.add(event);
    // The answer of the client to a tool call is a frame as well.
    const ack = rest.at(-1);
    if (typeof ack === 'function' && random.chance(0.5)) ack(mutated(random, { ok: true, result: [{ id: 'a' }] }));
  });
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
