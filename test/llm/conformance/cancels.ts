import type { Socket } from 'socket.io-client';
import { Database } from '@adiuva/platform';
import { send } from '../../chat/chat-helpers';
import { eventually } from '../../support/app';
import type { ModelUnderTest } from './model-under-test';

const CONCURRENT = 10;
const BATCH = 50;
const RESERVED = 1_000_000;
const MAX_WAIT_MS = 60;
/** Each reservation is larger than all answers of a batch together, so one that is left cannot be overlooked. */
export const CANCEL_SETTINGS = {
  LLM_MAX_OUTPUT_TOKENS: String(RESERVED),
  LLM_MONTHLY_TOKENS_POWER: '1000000000000',
  LLM_FIRST_TOKEN_TIMEOUT_MS: '15000',
  LLM_TOKEN_GAP_TIMEOUT_MS: '10000',
};

/**
 * Starts chats and cancels each at a random moment: before the connection, before the first token, between tokens, in a call, after the end.
 * Throws where the server does not answer any more, a provider's connection stays in use, or a reservation is left.
 */
export async function cancelAtRandom(model: ModelUnderTest, cancels: number): Promise<void> {
  model.server.answer((request) => {
    const calls = [{ name: 'create_task', args: { title: 'Milk' } }];
    const first = JSON.stringify(request.body).includes('Milk') ? {} : { calls };
    const delay = Math.random() < 0.3 ? Math.random() * MAX_WAIT_MS : 0;
    return model.whole({ text: Array.from({ length: 12 }, (_, at) => `word${at} `), ...first }, { delay, gap: 4 });
  });
  for (let done = 0; done < cancels; done += BATCH) await cancelBatch(model, Math.min(BATCH, cancels - done));
  model.server.answer(() => model.whole({ text: ['Still ', 'here.'] }));
  const { status, body } = await model.ask();
  if (status !== 200 || body.response !== 'Still here.')
    throw new Error(`after the cancels the server answers ${status}`);
}

/** As a user of its own: the frames of one user are limited. */
async function cancelBatch(model: ModelUnderTest, cancels: number): Promise<void> {
  const user = await model.app.user('power');
  const socket = await model.app.socket(user.accessToken);
  for (let started = 0; started < cancels; started += CONCURRENT) {
    await Promise.all(Array.from({ length: CONCURRENT }, () => startAndCancel(socket)));
  }
  await eventually(() => model.server.open === 0);
  await eventually(async () => (await tokensOf(model, user.id)) < RESERVED);
  socket.close();
}

async function startAndCancel(socket: Socket): Promise<void> {
  const requestId = await send(socket, { message: 'Please', agents: ['task_agent'] });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_WAIT_MS));
  socket.emit('chat:cancel', { request_id: requestId });
}

/** Reservations, and an estimate for each answer that was cut. */
async function tokensOf(model: ModelUnderTest, userId: string): Promise<number> {
  const [row] = await model.app.nest
    .get(Database)
    .query<{ tokens: string }>('SELECT COALESCE(SUM(tokens), 0) AS tokens FROM token_usage WHERE user_id = $1', [
      userId,
    ]);
  return Number(row?.tokens ?? 0);
}
