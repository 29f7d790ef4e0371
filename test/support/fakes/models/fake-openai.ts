import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request to the chat completions API, as far as tests look at it. */
export interface CompletionRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { role: string; content: unknown; tool_call_id?: string }[];
  readonly tools?: readonly { function: { name: string; description: string; parameters: unknown } }[];
  readonly tool_choice?: unknown;
}

export interface ScriptedCall {
  readonly name: string;
  readonly arguments: unknown;
}

/** What the model does with one request. Times are milliseconds. */
type Misbehaviour = 'stall' | 'reset' | 'garbage' | 'end' | 'page' | 'endless line';

export interface Script {
  readonly text?: string | readonly string[];
  readonly calls?: readonly ScriptedCall[];
  readonly firstDelay?: number;
  /** What the answer waits for. */
  readonly until?: Promise<unknown>;
  readonly gap?: number;
  /** An HTTP failure instead of an answer. */
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** After so many pieces, -1 for none at all: say nothing more, cut the connection, send what is not JSON or no event, or end. */
  readonly after?: number;
  readonly then?: Misbehaviour;
}

export type Answerer = (request: CompletionRequest, raw: IncomingMessage) => Script;

export interface SeenRequest {
  readonly body: CompletionRequest;
  readonly headers: IncomingMessage['headers'];
  /** Set when the client closed the connection before the answer ended: milliseconds of `performance.now()`. */
  closedAt?: number;
}

/** Speaks the streaming chat completions protocol of OpenAI on a local port, and says what the test has scripted. */
export class FakeOpenAi {
  readonly seen: SeenRequest[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private answerer: Answerer,
  ) {}

  static async start(answerer: Answerer = () => ({ text: 'Hello.' })): Promise<FakeOpenAi> {
    // No connection is closed that its client may take again at that moment, as after this process has stood still.
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => void fake.serve(request, response));
    const fake = new FakeOpenAi(server, answerer);
    server.on('connection', (socket) => {
      fake.sockets.add(socket);
      socket.once('close', () => fake.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  answer(answerer: Answerer): void {
    this.answerer = answerer;
  }

  /** The settings that point a server at this model. */
  get settings(): Record<string, string> {
    return { LLM_PROVIDER: 'openai', OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: this.url };
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: CompletionRequest = JSON.parse(await textOf(request));
    const seen: SeenRequest = { body, headers: request.headers };
    this.seen.push(seen);
    response.on('close', () => {
      if (!response.writableFinished) seen.closedAt = performance.now();
    });
    const script = this.answerer(body, request);
    await pause(script.firstDelay ?? 0);
    await script.until;
    if (script.status !== undefined) {
      response.writeHead(script.status, { 'content-type': 'application/json', ...script.headers });
      response.end(
        script.body ?? JSON.stringify({ error: { message: 'scripted secret failure', type: 'server_error' } }),
      );
    } else if (body.stream === true) await stream(response, body, script);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole(body, script)));
  }
}

async function stream(response: ServerResponse, request: CompletionRequest, script: Script): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...script.headers });
  response.flushHeaders();
  const deltas = [
    { role: 'assistant', content: '' },
    ...pieces(script).map((content) => ({ content })),
    ...callDeltas(script),
  ];
  for (const [index, delta] of deltas.entries()) {
    if (script.then !== undefined && index > (script.after ?? 0)) return misbehave(response, script.then);
    if (index > 0) await pause(index === 1 ? 0 : (script.gap ?? 0));
    if (response.destroyed) return;
    response.write(frame(request, { index: 0, delta, finish_reason: null }));
  }
  if (script.then !== undefined) return misbehave(response, script.then);
  response.write(frame(request, { index: 0, delta: {}, finish_reason: script.calls ? 'tool_calls' : 'stop' }));
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
  response.write(`data: ${JSON.stringify({ ...envelope(request, 'chat.completion.chunk'), choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function misbehave(response: ServerResponse, how: Misbehaviour): void {
  if (how === 'reset') response.destroy();
  if (how === 'garbage') response.end('data: {"choices":[{"delta":{"content":"half a\n\n');
  if (how === 'end') response.end();
  if (how === 'page') response.end('<html>Be back soon</html>');
  if (how === 'endless line') response.end(`data: ${'a'.repeat(2_000_000)}`);
}

function pieces(script: Script): readonly string[] {
  if (script.text === undefined) return [];
  return typeof script.text === 'string' ? (script.text.match(/\S+\s*/g) ?? []) : script.text;
}

function callDeltas(script: Script) {
  return (script.calls ?? []).flatMap((call, index) => {
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    const half = Math.ceil(text.length / 2);
    const start = {
      index,
      id: `call_${index}_${Math.random().toString(36).slice(2)}`,
      type: 'function',
      function: { name: call.name, arguments: '' },
    };
    const parts = [text.slice(0, half), text.slice(half)].map((part) => ({ index, function: { arguments: part } }));
    return [start, ...parts].map((part) => ({ tool_calls: [part] }));
  });
}

function whole(request: CompletionRequest, script: Script): unknown {
  const calls = (script.calls ?? []).map((call, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: {
      name: call.name,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    },
  }));
  const message = {
    role: 'assistant',
    content: pieces(script).join(''),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
  return {
    ...envelope(request, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
    usage,
  };
}

function frame(request: CompletionRequest, choice: object): string {
  return `data: ${JSON.stringify({ ...envelope(request, 'chat.completion.chunk'), choices: [choice] })}\n\n`;
}

function envelope(request: CompletionRequest, object: string): object {
  return { id: 'chatcmpl-test', object, created: 1_700_000_000, model: request.model };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
