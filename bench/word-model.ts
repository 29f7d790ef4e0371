import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const FIRST_TOKEN_MS = 50;

async function say(response: ServerResponse, prompt: string): Promise<void> {
  const gap = Number(process.env['GAP_MS']);
  const words = Number(/say (\d+) words/.exec(prompt)?.[1] ?? process.env['WORDS'] ?? Infinity);
  await pause(FIRST_TOKEN_MS);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let at = 0; at < words && !response.destroyed; at += 1) {
    response.write(`data: ${JSON.stringify(chunk(`word${at} `))}\n\n`);
    await pause(gap);
  }
  response.end('data: [DONE]\n\n');
}

function chunk(content: string): object {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench', choices };
}

/** A model in a process of its own: 50 ms to the first word, then a word every `GAP_MS`, `WORDS` of them or without end, or as many as the message asks for. */
createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.once('end', () => void say(response, Buffer.concat(pieces).toString('latin1')));
}).listen(Number(process.env['PORT']), '127.0.0.1');
