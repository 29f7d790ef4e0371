import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { checksumOf } from '@adiuva/kernel';
import { PASSWORD } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { findPlaintext } from '../support/plaintext-search';
import { freePort, Program } from '../support/processes/server-process';
import { chatOn, FACT, noteReader } from './chat-helpers';

interface Note {
  readonly title: string;
  readonly content: string;
}

/** The desktop app, as far as notes go: only it has the key. */
class App {
  private readonly key = randomBytes(32);

  constructor(
    private readonly url: string,
    readonly token: string,
  ) {}

  async keep(note: Note): Promise<void> {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    const sealed = Buffer.concat([iv, cipher.update(JSON.stringify(note)), cipher.final(), cipher.getAuthTag()]);
    const headers = {
      'x-table': 'notes',
      'x-checksum': checksumOf(sealed),
      'content-type': 'application/octet-stream',
    };
    const { status } = await this.call('/storage/records', { method: 'POST', body: new Uint8Array(sealed), headers });
    expect(status).toBe(201);
  }

  /** What a tool call of the server finds here. */
  async lookUp(name: string, { note_id = '' }: { note_id?: string }): Promise<unknown> {
    if (name === 'get_note') return { id: note_id, ...(await this.read(note_id)) };
    const response = await this.call('/storage/records?table=notes&limit=100', {});
    const rows: { id: string }[] = JSON.parse(await response.text());
    return Promise.all(rows.map(async ({ id }) => ({ id, title: (await this.read(id)).title })));
  }

  private async read(id: string): Promise<Note> {
    const response = await this.call(`/storage/records/${id}`, {});
    const sealed = Buffer.from(await response.arrayBuffer());
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16));
    return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8'));
  }

  private call(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${this.token}`, ...init.headers },
    });
  }
}

describe('fifty encrypted notes on a server with a disk of its own', () => {
  it('answer a question about note 37, and the disk never holds the fact', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'adiuva-notes-'));
    const model = await FakeOpenAi.start(noteReader);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const settings = { DATA_DIR: folder, LOG_LEVEL: 'trace', RATE_LIMIT_POWER: '1000', ...model.settings };
    const server = Program.start('apps/api/src/main.ts', [], { ...settings, PORT: String(port) });
    try {
      await server.ready(port);
      const app = new App(url, await poweredUser(url, settings));
      for (let at = 1; at <= 50; at += 1) {
        await app.keep({ title: `Note ${at}`, content: at === 37 ? FACT : `Nothing of weight, ${at}` });
      }
      const socket = io(`${url}/api/v1/chat/stream`, { auth: { token: app.token }, transports: ['websocket'] });
      socket.on('chat:tool_call', ({ name, arguments: args }, ack) => {
        void app.lookUp(name, args).then((result) => ack({ ok: true, result }));
      });
      const { response } = await chatOn(socket, { message: 'What does note 37 say?', client_tools: true });
      expect(response).toBe(`It says: ${FACT}`);
      socket.disconnect();
    } finally {
      server.child.kill('SIGTERM');
      await model.stop();
    }
    const { output } = await server.ended;
    const places = { folders: [folder], texts: { output } };
    expect(await findPlaintext('7741-quince', places)).toEqual([]);
    // The search would notice: what is logged, and the content of a file of the database, is found.
    expect(await findPlaintext('chat_done', places)).not.toEqual([]);
    expect(await findPlaintext('spent_continuations', places)).not.toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });
});

async function poweredUser(url: string, settings: Record<string, string>): Promise<string> {
  const email = 'anna@example.org';
  const response = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const { access_token: token }: { access_token: string } = JSON.parse(await response.text());
  expect((await Program.start('apps/cli/src/main.ts', ['admin', 'tier', email, 'power'], settings).ended).code).toBe(0);
  return token;
}
