import { io, type Socket } from 'socket.io-client';

export interface Received {
  /** What the client has at the end. */
  readonly response: string;
  /** Whether the tokens joined are the response; true where there are none. */
  readonly whole: boolean;
}

export type Ask = (message: string) => Promise<Received>;

const AGENTS = ['task_agent', 'project_agent', 'note_agent'];

interface Token {
  readonly request_id: string;
  readonly text: string;
}

interface Done {
  readonly request_id: string;
  readonly response: string;
  readonly actions: readonly unknown[];
}

/** The three ways in which an answer reaches a client. */
export async function clientsOf(url: string): Promise<Readonly<Record<string, Ask>>> {
  const token = await register(url);
  const socket = await connect(url, token);
  const events = await servesEvents(url, token);
  return {
    REST: (message) => overRest(url, token, message, ({ response }) => response),
    'REST actions': (message) => overRest(url, token, message, ({ actions }) => JSON.stringify(actions)),
    ...(events ? { SSE: (message: string) => overEvents(url, token, message) } : {}),
    'Socket.IO': (message) => overSocket(socket, message),
    'plan steps': (message) => overStep(url, token, message),
  };
}

async function overRest(
  url: string,
  token: string,
  message: string,
  part: (answer: Done) => string,
): Promise<Received> {
  const response = await post(`${url}/api/v1/chat`, bodyOf(message), token, 'application/json');
  const answer: Done = JSON.parse(await successful(response));
  return { response: part(answer), whole: true };
}

async function overEvents(url: string, token: string, message: string): Promise<Received> {
  const response = await post(`${url}/api/v1/chat`, bodyOf(message), token, 'text/event-stream');
  const text = await successful(response);
  const events = text.split('\n\n').map((event) => ({
    name: /^event: ?(.*)$/m.exec(event)?.[1],
    data: /^data: ?(.*)$/m.exec(event)?.[1] ?? '{}',
  }));
  const done: Done = JSON.parse(events.find(({ name }) => name === 'done')?.data ?? '{"response":"no done event"}');
  const tokens = events.filter(({ name }) => name === 'token').map(({ data }): Token => JSON.parse(data));
  return { response: done.response, whole: tokens.map(({ text }) => text).join('') === done.response };
}

async function overStep(url: string, token: string, message: string): Promise<Received> {
  const body = { prompt_template: 'task.breakdown', variables: { task: message } };
  const { output }: { output: string } = JSON.parse(
    await successful(await post(`${url}/api/v1/plans/steps`, body, token)),
  );
  return { response: output, whole: true };
}

async function servesEvents(url: string, token: string): Promise<boolean> {
  const response = await post(`${url}/api/v1/chat`, bodyOf('Are there events?'), token, 'text/event-stream');
  await response.text();
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

function overSocket(socket: Socket, message: string): Promise<Received> {
  const requestId = `eval-${Math.random().toString(36).slice(2)}`;
  const tokens: string[] = [];
  return new Promise((resolve, reject) => {
    const token = (frame: Token): void => void (frame.request_id === requestId && tokens.push(frame.text));
    const done = (frame: Done): void => {
      if (frame.request_id !== requestId) return;
      quiet();
      resolve({ response: frame.response, whole: tokens.join('') === frame.response });
    };
    const failed = (frame: { request_id: string; problem: { code: string } }): void => {
      if (frame.request_id !== requestId) return;
      quiet();
      reject(new Error(frame.problem.code));
    };
    const quiet = (): void => void socket.off('chat:token', token).off('chat:done', done).off('chat:error', failed);
    socket.on('chat:token', token).on('chat:done', done).on('chat:error', failed);
    socket.emit('chat:send', { ...bodyOf(message), request_id: requestId });
  });
}

function bodyOf(message: string): { message: string; context: object; agents: string[] } {
  return { message, context: {}, agents: [AGENTS[message.length % AGENTS.length] ?? 'task_agent'] };
}

export async function register(url: string): Promise<string> {
  const email = `eval-${Date.now()}@example.org`;
  const response = await post(`${url}/api/v1/auth/register`, { email, password: 'a long walk by the sea' });
  const { access_token: token }: { access_token: string } = JSON.parse(await successful(response));
  return token;
}

export function connect(url: string, token: string): Promise<Socket> {
  const socket = io(`${url}/api/v1/chat/stream`, { auth: { token }, transports: ['websocket'] });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

export function post(url: string, body: object, token?: string, accept = 'application/json'): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    accept,
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

export async function successful(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text;
}
