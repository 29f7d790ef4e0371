import { Client } from 'pg';
import type { Socket } from 'socket.io-client';
import type { Answerer, CompletionRequest } from '../support/fakes/models/fake-openai';

export interface Done {
  readonly request_id: string;
  readonly response: string;
  readonly actions: { type: string; table: string; data: Record<string, unknown> }[];
  readonly agent: string;
  readonly usage: { input_tokens: number; output_tokens: number };
  readonly plan?: { id: string; agent: string; steps: unknown[] };
}

/** Sends a chat; resolves with its id when the server has taken it. */
export async function send(socket: Socket, frame: object): Promise<string> {
  const ack = await socket.emitWithAck('chat:send', frame);
  if (!ack.ok) throw Object.assign(new Error(ack.problem.code), ack);
  return ack.request_id;
}

/** Sends a chat and waits for its end. Rejects with the problem of `chat:error`. */
export function chatOn(socket: Socket, frame: object): Promise<Done> {
  return new Promise((resolve, reject) => {
    const ended: { request_id: string; problem?: object }[] = [];
    let id: string | undefined;
    const look = (): void => {
      const end = ended.find(({ request_id }) => request_id === id);
      if (!end) return;
      socket.off('chat:done', onEnd).off('chat:error', onEnd);
      if (end.problem) reject(Object.assign(new Error('chat:error'), { problem: end.problem }));
      else resolve(end as unknown as Done);
    };
    const onEnd = (frame: { request_id: string }): void => {
      ended.push(frame);
      look();
    };
    socket.on('chat:done', onEnd).on('chat:error', onEnd);
    send(socket, frame).then((requestId) => {
      id = requestId;
      look();
    }, reject);
  });
}

/** The results of the tool calls that the model made last, as texts. */
export function lastToolResults(request: CompletionRequest | undefined): string[] {
  const messages = request?.messages ?? [];
  const last = messages.findLastIndex(({ role }) => role !== 'tool');
  return messages.slice(last + 1).map(({ content }) => String(content));
}

export const FACT = 'The safe code is 7741-quince';

/** A model that looks for a note by its title, reads it, and answers with its content. */
export const noteReader: Answerer = (request) => {
  if (request.tool_choice !== undefined) return { calls: [{ name: 'route', arguments: { agents: ['note_agent'] } }] };
  const results = lastToolResults(request);
  if (results.length === 0) return { calls: [{ name: 'list_notes', arguments: {} }] };
  const seen = results.join('\n');
  if (seen.includes('"error"')) return { text: 'Your app did not answer me.' };
  if (seen.includes('content')) return { text: `It says: ${seen.includes('7741-quince') ? FACT : 'nothing'}` };
  const id = /"id":"([^"]*)","title":"Note 37"/.exec(seen)?.[1] ?? 'note-37';
  return { calls: [{ name: 'get_note', arguments: { note_id: id } }] };
};

/** Whether any row of any table has a text, plainly or in bytes. */
export async function databaseHolds(url: string, text: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      const { rows } = await client.query(
        `SELECT 1 FROM ${name} t WHERE position($1 in t::text) > 0 OR position($2 in t::text) > 0 LIMIT 1`,
        [text, Buffer.from(text, 'utf8').toString('hex')],
      );
      if (rows.length > 0) return true;
    }
    return false;
  } finally {
    await client.end();
  }
}
