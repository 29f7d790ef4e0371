import { randomBytes } from 'node:crypto';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket as TcpSocket,
} from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { eventually, TestApp, type TestUser } from '../support/app';

/** Signs that hide nothing are quickly looked through for leaks. */
const PIECE = '— '.repeat(8_000);
/** What the kernel may keep on the way, and what we may: far less than a model could say meanwhile. */
const MAX_BUFFERED = 20 * 1024 * 1024;
const ASK = { message: 'Say a lot', agents: ['task_agent'] };

/** A model that speaks without end, as fast as it is listened to. */
class Chatterbox {
  sent = 0;
  private readonly server: Server = createServer((asked, response) => {
    asked.resume().once('end', () => void this.speak(response));
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async speak(response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const frame = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: PIECE } }] })}\n\n`;
    while (!response.destroyed) {
      this.sent += frame.length;
      if (response.write(frame)) await new Promise((resolve) => setImmediate(resolve));
      else await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    }
  }
}

/** A line between a client and the server on which nothing comes to the client while it is `slow`. */
class Line {
  private readonly ends: TcpSocket[] = [];
  private slow = false;
  private readonly server: TcpServer = createTcpServer((client) => {
    const server = connect(this.port, '127.0.0.1');
    this.ends.push(server);
    client.pipe(server);
    server.on('data', (bytes) => client.write(bytes));
    if (this.slow) server.pause();
    for (const end of [client, server]) end.on('error', () => end.destroy());
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
  });

  constructor(private readonly port: number) {}

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stopReading(): void {
    this.slow = true;
    for (const end of this.ends) end.pause();
  }

  readOn(): void {
    this.slow = false;
    for (const end of this.ends) end.resume();
  }

  close(): void {
    for (const end of this.ends) end.destroy();
    this.server.close();
  }
}

describe('a slow reader', () => {
  const model = new Chatterbox();
  let app: TestApp;
  let other: TestApp;
  let user: TestUser;
  let line: Line;
  let url: string;
  beforeAll(async () => {
    const address = await model.start();
    const settings = {
      LLM_PROVIDER: 'openai',
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: address,
      LLM_TOKEN_GAP_TIMEOUT_MS: '10000',
    };
    app = await TestApp.start(settings);
    other = await TestApp.start(settings, app);
  });
  beforeEach(async () => {
    user = await app.user();
    line = new Line(app.port);
    url = await line.open();
  });
  afterEach(() => line.close());
  afterAll(async () => {
    await other.stop();
    await app.stop();
    model.stop();
  });

  /** Resolves with how much the model has sent when it has not been listened to for a while. */
  async function stalled(): Promise<number> {
    let [sent, since] = [model.sent, performance.now()];
    await eventually(() => {
      if (model.sent !== sent) [sent, since] = [model.sent, performance.now()];
      return performance.now() - since > 300;
    });
    return sent;
  }

  /** Nothing is read from the beginning on, so that the kernel does not learn to keep much. */
  async function slowsDownTheModel(start: () => unknown): Promise<void> {
    const began = model.sent;
    line.stopReading();
    start();
    await eventually(() => model.sent > began);
    const sent = await stalled();
    expect(sent - began).toBeLessThan(MAX_BUFFERED);
    line.readOn();
    await eventually(() => model.sent > sent);
  }

  async function cancel(request_id: string): Promise<void> {
    const socket = await app.socket(user.accessToken);
    expect(await socket.emitWithAck('chat:cancel', { request_id })).toMatchObject({ ok: true });
    socket.disconnect();
  }

  async function socketTo(address: string): Promise<Socket> {
    const socket = io(`${address}/api/v1/chat/stream`, {
      auth: { token: user.accessToken },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
    return socket;
  }

  it('on a socket of another node pauses the model, and the answer continues when it reads again', async () => {
    const away = new Line(other.port);
    const frame = { request_id: 'slow-node', resume_key: randomBytes(32).toString('base64url') };
    const first = await socketTo(`http://127.0.0.1:${app.port}`);
    await first.emitWithAck('chat:send', { ...ASK, ...frame });
    first.disconnect();
    await stalled();
    const second = await socketTo(await away.open());
    const began = model.sent;
    away.stopReading();
    second.emit('chat:resume', { ...frame, next_index: 0 });
    await eventually(() => model.sent > began);
    const sent = await stalled();
    expect(sent - began).toBeLessThan(MAX_BUFFERED);
    away.readOn();
    await eventually(() => model.sent > sent);
    await cancel('slow-node');
    second.disconnect();
    away.close();
  });

  it('on a socket pauses the model, and the answer continues when it reads again', async () => {
    const socket = await socketTo(url);
    await slowsDownTheModel(() => socket.emit('chat:send', { ...ASK, request_id: 'slow-socket' }));
    await cancel('slow-socket');
    socket.disconnect();
  });

  it('of server-sent events pauses the model, and the answer continues when it reads again', async () => {
    const asked = request(`${url}/api/v1/chat`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${user.accessToken}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
        'x-request-id': 'slow-events',
      },
    });
    asked.on('error', () => undefined).on('response', (response) => response.on('error', () => undefined).resume());
    await slowsDownTheModel(() => asked.end(JSON.stringify(ASK)));
    await cancel('slow-events');
    asked.destroy();
  });
});
