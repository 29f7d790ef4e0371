import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';

/** The least that could be done: one fetch of the model's stream, one emit for each piece. */
export function bareRelay(port: number, modelUrl: string): Promise<() => void> {
  const server = createServer();
  const sockets = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.setMaxListeners(0);
    socket.on('ask', (frame: { request_id: string; message: string }) =>
      relayOne(socket, frame, modelUrl).catch(() => undefined),
    );
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(() => server.close())));
}

export function question(from: string, content: string): string {
  return JSON.stringify({ model: from, stream: true, messages: [{ role: 'user', content }] });
}

async function relayOne(
  socket: Pick<Socket, 'emit' | 'once'>,
  { request_id: id, message }: { request_id: string; message: string },
  modelUrl: string,
): Promise<void> {
  const gone = new AbortController();
  socket.once('disconnect', () => gone.abort());
  const asked = { method: 'POST', body: question('relay', message), signal: gone.signal };
  const response = await fetch(`${modelUrl}/chat/completions`, asked);
  let index = 0;
  for await (const chunk of response.body ?? []) {
    for (const [, text] of Buffer.from(chunk)
      .toString('utf8')
      .matchAll(/"content":"(word[^"]*)"/g)) {
      socket.emit('chat:token', { request_id: id, index, text });
      index += 1;
    }
  }
}

if (require.main === module) void bareRelay(Number(process.env['PORT']), process.env['MODEL_URL'] ?? '');
