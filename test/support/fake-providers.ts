import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a provider does with the next requests: speaks, or fails with a status and the words of its own. */
export interface Mood {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Calls its tool again and again, as long as it may. */
  readonly loops?: boolean;
}

type Frames = readonly object[];

const SECRET = 'scripted secret failure';

/**
 * Anthropic, Google and Ollama on one local port, each in its own streaming protocol. A question is answered with the words "I do it. "
 * and one call of `create_task`; where the request brings the call's result, with "Done.". Each answer reports 100 tokens in and 20 out.
 */
export class FakeProviders {
  mood: Mood = {};
  asked = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeProviders> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => providers.serve(request.url ?? '', Buffer.concat(chunks).toString('utf8'), response));
    });
    const providers = new FakeProviders(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return providers;
  }

  get settings(): Record<string, string> {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return {
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_BASE_URL: url,
      GOOGLE_API_KEY: 'key',
      GOOGLE_BASE_URL: url,
      OLLAMA_BASE_URL: url,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(path: string, body: string, response: ServerResponse): void {
    this.asked += 1;
    const { status = toolsForgotten(path, body) ? 400 : undefined, headers = {} } = this.mood;
    const mayCall =
      /"(?:tools|functionDeclarations)":\[\{/.test(body) && !body.includes('"tool_choice":{"type":"none"}');
    const again = (result: string): boolean => (this.mood.loops === true ? !mayCall : body.includes(result));
    if (status !== undefined) {
      const error = { type: 'error', message: SECRET, code: status, status: 'FAILED' };
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ type: 'error', error }));
    } else if (path.startsWith('/v1/messages')) {
      send(response, 'text/event-stream', anthropic(again('"tool_result"')), (frame) =>
        'type' in frame ? `event: ${String(frame.type)}\ndata: ${JSON.stringify(frame)}\n\n` : '',
      );
    } else if (path.includes(':streamGenerateContent')) {
      const frames = google(again('"functionResponse"'));
      send(response, 'text/event-stream', frames, (frame) => `data: ${JSON.stringify(frame)}\r\n\r\n`);
    } else if (path === '/api/chat') {
      const frames = ollama(again('"role":"tool"'));
      send(response, 'application/x-ndjson', frames, (frame) => `${JSON.stringify(frame)}\n`);
    } else response.writeHead(404).end();
  }
}

/** Anthropic takes no talk with tool calls in it without the tools. */
function toolsForgotten(path: string, body: string): boolean {
  return path.startsWith('/v1/messages') && body.includes('"tool_use"') && !body.includes('"tools":[{');
}

function send(response: ServerResponse, type: string, frames: Frames, written: (frame: object) => string): void {
  response.writeHead(200, { 'content-type': type });
  for (const frame of frames) response.write(written(frame));
  response.end();
}

const CALL = { title: 'Call Anna' };

function anthropic(again: boolean): Frames {
  const [half, rest] = ['{"title":', '"Call Anna"}'];
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [], stop_reason: null };
  const block = (index: number, content_block: object, deltas: readonly object[]): Frames => [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
  const words = (again ? ['Done.'] : ['I do ', 'it. ']).map((text) => ({ type: 'text_delta', text }));
  const parts = [half, rest].map((partial_json) => ({ type: 'input_json_delta', partial_json }));
  const tool = { type: 'tool_use', id: 'toolu_1', name: 'create_task', input: {} };
  return [
    { type: 'message_start', message: { ...message, usage: { input_tokens: 100, output_tokens: 0 } } },
    ...block(0, { type: 'text', text: '' }, words),
    { type: 'ping' },
    ...(again ? [] : block(1, tool, parts)),
    {
      type: 'message_delta',
      delta: { stop_reason: again ? 'end_turn' : 'tool_use', stop_sequence: null },
      usage: { output_tokens: 20 },
    },
    { type: 'message_stop' },
  ];
}

function google(again: boolean): Frames {
  const frame = (parts: readonly object[], out: number, last = {}) => ({
    candidates: [{ content: { role: 'model', parts }, index: 0, ...last }],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: out, totalTokenCount: 100 + out },
  });
  if (again) return [frame([{ text: 'Done.' }], 20, { finishReason: 'STOP' })];
  const call = { functionCall: { name: 'create_task', args: CALL } };
  return [frame([{ text: 'I do ' }], 5), frame([{ text: 'it. ' }], 10), frame([call], 20, { finishReason: 'STOP' })];
}

function ollama(again: boolean): Frames {
  const frame = (message: object, last: object = { done: false }) => ({
    model: 'llama',
    created_at: '2026-01-01T00:00:00Z',
    message: { role: 'assistant', content: '', ...message },
    ...last,
  });
  const end = frame({}, { done: true, done_reason: 'stop', prompt_eval_count: 100, eval_count: 20 });
  if (again) return [frame({ content: 'Done.' }), end];
  const call = { function: { name: 'create_task', arguments: CALL } };
  return [frame({ content: 'I do ' }), frame({ content: 'it. ' }), frame({ tool_calls: [call] }), end];
}
