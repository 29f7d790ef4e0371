import { Cluster, demand, print } from './cluster';

const ROUNDS = Number(process.argv[3] ?? 6);
const MODEL_MS = 150;
const MAX_PAUSE_S = 30;
/** One node, then three, three, two and one. */
const NEEDS = [[], [0], [0], [0], [1], [2], [3], [4, 5], [6], [7, 8]];
const NODES = NEEDS.map((needs, index) => ({
  id: `n${index}`,
  agent: 'task_agent',
  instructions: `Task ${index} of {{params.round}}`,
  depends_on: needs.map((other) => `n${other}`),
}));

/**
 * `npm run test:chaos -- dags [ROUNDS]`: a DAG of ten agents on two servers that share a database; a random one is killed with -9 whenever
 * a step has ended, and started again. Every execution ends, every step ends once, every action is in the result once, the events have no
 * hole for a client that changes between the servers, and nothing pauses for more than 30 s.
 */
export async function chaos(): Promise<void> {
  const cluster = await Cluster.start(({ messages }) =>
    messages.at(-1)?.role === 'tool'
      ? { text: 'Done.', firstDelay: MODEL_MS }
      : { calls: [{ name: 'create_task', arguments: { title: titleIn(messages) } }], firstDelay: MODEL_MS },
  );
  try {
    const token = await cluster.user();
    for (let round = 0; round < ROUNDS; round += 1) await oneRound(cluster, token, round);
  } finally {
    await cluster.stop();
  }
}

async function oneRound(cluster: Cluster, token: string, round: number): Promise<void> {
  cluster.model.seen.length = 0;
  const dag = await cluster.post(token, '/create-dag', { title: 'chaos', nodes: NODES, params: { round } });
  const id = String((await cluster.post(token, '/execute-dag', { dag_id: dag['id'] }))['execution_id']);
  const followed = cluster.follow(token, `/dag-executions/${id}/events`);
  const kills = await cluster.killUntilCompleted(id);
  const events = await followed;
  const { rows: steps } = await cluster.database.query<{ status: string; attempt: number }>(
    'SELECT status, attempt FROM run_steps WHERE run_id = $1 ORDER BY node',
    [id],
  );
  const paused = await cluster.maxPause(id, kills);
  const { actions } = Object(await cluster.get(token, `/runs/${id}/output`));
  const titles = actions.map(({ data }: { data: { title: string } }) => data.title).sort();
  const completed = events.filter(({ type }) => type === 'step.completed').map(({ node }) => node);
  const attempts = steps.reduce((sum, { attempt }) => sum + attempt, 0);
  print(
    `round ${round + 1}: ${kills.count} kills, ${attempts} attempts of ${NODES.length} steps, ${cluster.model.seen.length} calls of models (20 without kills), ` +
      `${events.length} events, longest pause ${paused.served.toFixed(1)} s while a server was up (${paused.whole.toFixed(1)} s with the starts of servers)`,
  );
  const wanted = NODES.map((_, index) => `Task ${index} of ${round}`).sort();
  demand(
    steps.every(({ status }) => status === 'done'),
    'a step has not ended',
  );
  demand(completed.length === NODES.length && new Set(completed).size === NODES.length, 'a step ended more than once');
  demand(titles.join() === wanted.join(), 'an action is missing or there twice');
  demand(
    events.every(({ seq }, index) => seq === index + 1),
    'the events have a hole',
  );
  demand(paused.served < MAX_PAUSE_S, `nothing happened for ${paused.served} s`);
}

function titleIn(messages: readonly { role: string; content: unknown }[]): string {
  return /Task \d+ of \d+/.exec(String(messages.findLast(({ role }) => role === 'user')?.content))?.[0] ?? '';
}
