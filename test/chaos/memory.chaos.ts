import { FakeOpenAi, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';
import { attacks } from '../fuzz/attacks';
import { MAX_RSS_MB, Server } from '../fuzz/server';

const AGENT_MESSAGES = 20;
const MAX_MODEL_CALLS = 20;
/** In UTF-16 units. */
const LARGE_CONTEXT = 500_000;
/** The other users of the server wait no longer than this during an attack. */
const MAX_HEALTH_MS = 5_000;

/** Each attack of the list against one built server: it lives, serves others, returns no 500 and stays below its memory. */
export async function chaos(): Promise<void> {
  const model = await FakeOpenAi.start(callsAnotherAgent);
  const server = await Server.start({
    ...model.settings,
    LLM_MONTHLY_TOKENS_FREE: '1000000000',
    CHAT_STREAMS_FREE: '10000',
  });
  const broken: string[] = [];
  await server.register('payer@example.org', 'pro');
  print(`idle process: ${server.peakMb()} MB`);
  for (const { name, run } of attacks()) {
    server.resetPeak();
    const watch = watchHealth(server);
    const began = performance.now();
    const statuses = await run(server);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const [peak, health] = [server.peakMb(), await watch()];
    print(`${name}: peak ${peak} MB, ${seconds} s, health ${health} ms, ${JSON.stringify(counted(statuses))}`);
    if (peak > MAX_RSS_MB) broken.push(`${name}: ${peak} MB`);
    if (health > MAX_HEALTH_MS) broken.push(`${name}: others wait ${health} ms`);
    if (statuses.some((status) => status === 500)) broken.push(`${name}: 500`);
    if (server.hasEnded) throw new Error(`${name}: the process has ended`);
  }
  const calls = model.seen.filter(({ body }) => isOfAgents(body)).length;
  print(`model calls of ${AGENT_MESSAGES} messages: ${calls}`);
  if (calls > AGENT_MESSAGES * MAX_MODEL_CALLS) broken.push(`${calls} model calls`);
  await server.stop();
  await model.stop();
  if (broken.length > 0) throw new Error(broken.join('\n'));
}

/** Whether a request belongs to the last attack and not to a message with a large context that is still in progress. */
function isOfAgents({ messages, tool_choice }: CompletionRequest): boolean {
  const routes = typeof tool_choice === 'object';
  return !routes && JSON.stringify(messages).length < LARGE_CONTEXT;
}

function callsAnotherAgent({ messages, tools, tool_choice }: CompletionRequest): Script {
  if (tools === undefined || tools.length === 0 || tool_choice === 'none') return { text: 'Enough.' };
  const agent = String(messages[0]?.content).includes('You are task_agent') ? 'note_agent' : 'task_agent';
  const call = { name: 'call_agent', arguments: { agent, message: 'Do your part' } };
  return { calls: Array.from({ length: 8 }, () => call) };
}

/** Asks for the health again and again; the function that is returned ends it and gives the maximum wait, less what the server waited for a processor. */
function watchHealth(server: Server): () => Promise<number> {
  let watching = true;
  let max = 0;
  const watched = (async () => {
    while (watching) {
      const [began, starved] = [performance.now(), server.starvedMs()];
      await fetch(`http://127.0.0.1:${server.port}/api/v1/health`).catch(() => undefined);
      max = Math.max(max, Math.round(performance.now() - began - (server.starvedMs() - starved)));
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  return async () => {
    watching = false;
    await watched;
    return max;
  };
}

function counted(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
