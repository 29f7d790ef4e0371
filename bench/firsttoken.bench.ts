import type { Socket } from 'socket.io-client';
import { chatOn } from '../test/chat/chat-helpers';
import { ModelUnderTest } from '../test/llm/conformance/model-under-test';
import { TESTED, type TestedProvider } from '../test/llm/conformance/providers';
import setUp from '../test/support/global-setup';
import tearDown from '../test/support/global-teardown';
import { quantile } from './load';
import type { Report } from './report';

const WARM_UP = 20;
const CHATS = 100;
const MAX_MEDIAN_MS = 25;

/**
 * What the server adds to the first token, by provider: from the moment at which the model's server has written it until the client has it,
 * one chat at a time, all in one process on the loopback.
 */
export async function bench(report: Report): Promise<void> {
  await setUp();
  for (const provider of TESTED) {
    const times = await measure(provider, report.size(CHATS, 5));
    report.max(`${provider.name}: added to the first token, median`, quantile(times, 0.5), MAX_MEDIAN_MS, {
      unit: 'ms',
    });
    report.note(`p95 ${quantile(times, 0.95).toFixed(1)} ms`);
  }
  await tearDown();
}

async function measure(provider: TestedProvider, chats: number): Promise<readonly number[]> {
  const model = await ModelUnderTest.start(provider, { LLM_FIRST_TOKEN_TIMEOUT_MS: '5000' });
  let written = 0;
  model.server.answer(() => {
    written = performance.now();
    return model.whole({ text: ['Good ', 'morning, ', 'Anna.'] });
  });
  const times: number[] = [];
  for (let chat = 0; chat < WARM_UP + chats; chat += 1) {
    const socket = await model.app.socket(model.user.accessToken);
    times.push(await firstToken(socket, () => written));
    socket.close();
  }
  await model.stop();
  return times.slice(WARM_UP).sort((one, other) => one - other);
}

async function firstToken(socket: Socket, written: () => number): Promise<number> {
  let ms = Infinity;
  socket.once('chat:token', () => (ms = performance.now() - written()));
  await chatOn(socket, { message: 'Please', agents: ['task_agent'] });
  return ms;
}
