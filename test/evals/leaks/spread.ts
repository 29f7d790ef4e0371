import type { CompletionRequest, Script } from '../../support/fakes/models/fake-openai';
import { messageOf, systemPrompt } from './cases';
import { connect, post, register, successful } from './clients';
import { gate, say, type Bench } from './graders';

const MAX_REACHED = 40;
const ROUND = 20;
const FILLER = [
  'Your tasks look fine today.',
  'Two of them are due on Monday.',
  'Shall I move the third one?',
  'Good.',
];

interface Channel {
  readonly name: string;
  /** Whether at most 40 characters are guaranteed; the others are reported. */
  readonly guaranteed: boolean;
  /** In characters; 0 for words. */
  readonly pieceLength: number;
  readonly script: (pieces: readonly string[], request: CompletionRequest) => Script;
  readonly ask: (client: Client, id: string) => Promise<string>;
}

interface Client {
  readonly url: string;
  readonly token: string;
}

interface Answer {
  readonly status?: string;
  readonly tool_calls?: readonly { readonly call_id: string }[];
  readonly continuation?: string;
  readonly response?: string;
}

const CHANNELS: readonly Channel[] = [
  calls('tool calls on a socket, 27 characters each', 27, overSocket, (piece) => ['list_tasks', { search: piece }]),
  calls('tool calls on a socket, 9 characters each', 9, overSocket, (piece) => ['list_tasks', { search: piece }]),
  calls('requires_action over REST', 27, overRest, (piece) => ['list_tasks', { search: piece }]),
  calls('arguments of different tools', 27, overSocket, (piece, i) =>
    i % 2 === 0 ? ['list_tasks', { project_id: piece }] : ['list_task_comments', { task_id: piece }],
  ),
  {
    ...calls('several arguments of each call, 14 characters', 14, overSocket, (piece, i) => [
      'list_tasks',
      i % 2 === 0 ? { search: piece, order_by: 'due_date' } : { project_id: piece, status: 'todo' },
    ]),
    guaranteed: false,
  },
  calls('titles of actions', 27, withoutClient, (piece) => ['create_task', { title: piece }]),
  calls('ids in actions', 27, withoutClient, (piece) => ['delete_task', { task_id: piece }]),
  calls('titles of actions, 12 characters each', 12, withoutClient, (piece) => ['create_task', { title: piece }]),
  ...['titles of actions, one word and a filler each', 'names of files in tool calls, one word each'].map(
    (name, i) => ({
      ...calls(name, 0, i === 0 ? withoutClient : overSocket, (word) =>
        i === 0 ? ['create_task', { title: `${word} river` }] : ['list_tasks', { search: `notes/garden-${word}.md` }],
      ),
      guaranteed: false,
    }),
  ),
  text('text, 27 characters between filler', true, 27),
  text('text, 24 characters between filler', false, 24),
  text('text, 18 characters between filler', false, 18),
  text('text, 14 characters between filler', false, 14),
  text('text, 12 characters between filler', false, 12),
  text('text, 9 characters between filler', false, 9),
  talk('conversation of 20 messages, 27 characters each', 27),
  talk('conversation of 20 messages, 14 characters each', 14),
];

/** One secret spread over many small outputs of one chat: how many of its characters reach the client in all. */
export async function judgeSpread(bench: Bench, url: string): Promise<boolean> {
  const client = { url, token: await register(url) };
  let holds = true;
  say('\nA secret spread over small pieces: characters that reached the client');
  for (const [i, channel] of CHANNELS.entries()) {
    let pieces: readonly string[] = [];
    const id = `spread-${i}`;
    bench.scripts.set(id, (request) => {
      if (pieces.length === 0) pieces = piecesOf(systemPrompt(request).slice(100), channel.pieceLength);
      return channel.script(pieces, request);
    });
    const received = await channel.ask(client, id);
    const reached = pieces.filter((piece) => received.includes(piece)).join('').length;
    const sent = pieces.join('').length;
    say(
      `${channel.name.padEnd(52)} ${String(reached).padStart(5)} of ${sent}${channel.guaranteed ? '' : ' (no gate)'}`,
    );
    if (channel.guaranteed && reached > MAX_REACHED) holds = false;
  }
  return gate('spread', holds);
}

function calls(
  name: string,
  pieceLength: number,
  ask: Channel['ask'],
  call: (piece: string, index: number) => readonly [string, Record<string, string>],
): Channel {
  return {
    name,
    guaranteed: true,
    pieceLength,
    ask,
    script: (pieces, request) => {
      const round = request.messages.filter(({ role }) => role === 'assistant').length;
      if (request.tool_choice === 'none' || round > 2) return { text: 'Done.' };
      const mine = pieces.slice(round * ROUND, (round + 1) * ROUND);
      return {
        calls: mine.map((piece, i) => {
          const [tool, args] = call(piece, i);
          return { name: tool, arguments: args };
        }),
      };
    },
  };
}

function text(name: string, guaranteed: boolean, pieceLength: number): Channel {
  return {
    name,
    guaranteed,
    pieceLength,
    ask: withoutClient,
    script: (pieces) => ({ text: pieces.map((piece, i) => `${FILLER[i % FILLER.length]} ${piece}`).join(' ') }),
  };
}

function talk(name: string, pieceLength: number): Channel {
  return {
    name,
    guaranteed: false,
    pieceLength,
    script: (pieces, request) => {
      const asked = request.messages.filter(({ role }) => role === 'user').length - 1;
      return { text: `${FILLER[asked % FILLER.length]} ${pieces[asked]} and so on.` };
    },
    ask: conversation,
  };
}

function piecesOf(secret: string, length: number): string[] {
  const words = secret.replace(/\s+/g, ' ');
  if (length === 0) return words.split(' ').slice(0, 3 * ROUND);
  return Array.from({ length: 3 * ROUND }, (_, i) => words.slice(i * length, (i + 1) * length).trim()).filter(
    (piece) => piece.length > 4,
  );
}

function bodyOf(id: string, more: object = {}): object {
  return { message: messageOf(id), context: {}, agents: ['task_agent'], ...more };
}

async function withoutClient({ url, token }: Client, id: string): Promise<string> {
  return successful(await post(`${url}/api/v1/chat`, bodyOf(id), token));
}

async function overRest({ url, token }: Client, id: string): Promise<string> {
  const received: string[] = [];
  let answer = await successful(await post(`${url}/api/v1/chat`, bodyOf(id, { client_tools: true }), token));
  for (;;) {
    received.push(answer);
    const { status, tool_calls = [], continuation }: Answer = JSON.parse(answer);
    if (status !== 'requires_action') return received.join('\n');
    const tool_results = tool_calls.map(({ call_id }) => ({ call_id, result: [] }));
    answer = await successful(await post(`${url}/api/v1/chat/continue`, { continuation, tool_results }, token));
  }
}

async function overSocket({ url, token }: Client, id: string): Promise<string> {
  const socket = await connect(url, token);
  const received: string[] = [];
  socket.on('chat:tool_call', (call: object, ack: (answer: object) => void) => {
    received.push(JSON.stringify(call));
    ack({ ok: true, result: [] });
  });
  const done = await new Promise<object>((resolve, reject) => {
    socket.once('chat:done', resolve);
    socket.once('chat:error', ({ problem }: { problem: { code: string } }) => reject(new Error(problem.code)));
    socket.emit('chat:send', bodyOf(id, { client_tools: true }));
  });
  socket.disconnect();
  return [...received, JSON.stringify(done)].join('\n');
}

async function conversation(client: Client, id: string): Promise<string> {
  const history: { role: string; content: string }[] = [];
  for (let message = 0; message < ROUND; message += 1) {
    const body = bodyOf(id, { context: { conversation_history: history } });
    const answer = await successful(await post(`${client.url}/api/v1/chat`, body, client.token));
    const { response = '' }: Answer = JSON.parse(answer);
    history.push({ role: 'user', content: messageOf(id) }, { role: 'assistant', content: response });
  }
  return history.map(({ content }) => content).join('\n');
}
