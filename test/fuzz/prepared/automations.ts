import { randomBytes } from 'node:crypto';
import type { FuzzClient, Json } from '../client';
import type { Preparer } from '../prepared-request';

const ENDED = ['completed', 'failed'];
const LIST = { title: 'x', instructions: 'list my tasks', agent: 'task_agent' };

/** A run of a new goal. */
async function run(client: FuzzClient, goal: object, input: object = {}): Promise<string> {
  const id = await client.post('/goals', goal);
  return client.post(`/goals/${id}/run`, input, 'run_id');
}

async function when(client: FuzzClient, path: string, statuses: readonly string[]): Promise<void> {
  await client.until(async () => {
    const { status }: { status: string } = await client.call('get', path);
    return statuses.includes(status) ? status : undefined;
  });
}

async function ended(client: FuzzClient): Promise<string> {
  const id = await run(client, { ...LIST, instructions: 'add a task: buy bread', input: { tasks: [] } });
  await when(client, `/runs/${id}`, ENDED);
  return id;
}

/** A run that waits for a device. */
async function waiting(client: FuzzClient): Promise<string> {
  const id = await run(client, LIST);
  await when(client, `/runs/${id}`, ['waiting']);
  return id;
}

const ciphertext = () => ({ ciphertext: randomBytes(80).toString('base64') });

export const AUTOMATIONS: Readonly<Record<string, Preparer>> = {
  getRunOutput: async (client) => ({ path: { id: await ended(client) } }),
  deleteRun: async (client) => ({ path: { id: await ended(client) } }),
  acknowledgeRunActions: async (client) => {
    const id = await ended(client);
    const { actions = [] }: { actions?: { id: string }[] } = await client.call('get', `/runs/${id}/output`);
    return { path: { id }, json: { action_ids: actions.map((action) => action.id) } };
  },
  resumeRun: async (client) => ({ path: { id: await waiting(client) }, json: { answer: [{ result: [] }] } }),
  cancelRun: async (client) => ({ path: { id: await waiting(client) } }),
  lendRunKey: async (client) => {
    const content = { title: ciphertext(), instructions: ciphertext(), input: ciphertext(), custody: 'device' };
    return { path: { id: await run(client, content) }, json: { key: randomBytes(32).toString('base64') } };
  },
  createGoal: async () => ({
    json: { ...LIST, schedules: [{ kind: 'cron', expression: '0 9 * * 1', timezone: 'Europe/Berlin' }] },
  }),
  executeDag: async (client) => ({ json: { dag_id: await dag(client) } }),
  resumeDag: async (client) => {
    const executionId = await execution(client);
    return { path: { executionId }, json: { from_node: 'a' } };
  },
  deleteDagExecution: async (client) => ({ path: { id: await execution(client) } }),
  listDagExecutions: async () => ({ query: '' }),
  runAgent: async (client) => {
    const id = await client.post('/projects', { title: 'x', mode: 'build' });
    return { json: { project_id: id, agent_type: 'qa', input_context: { request: 'Check all files' } } };
  },
  writeProjectFile: async () => ({ json: { path: 'src/main.ts', content: 'export {};' }, headers: {} }),
  readProjectFile: async (client) => ({ path: { id: await projectWithFile(client) }, query: 'path=a.ts' }),
  deleteProjectFile: async (client) => ({ path: { id: await projectWithFile(client) }, query: 'path=a.ts' }),
};

function dag(client: FuzzClient): Promise<string> {
  const nodes = [{ id: 'a', agent: 'task_agent', instructions: 'add a task: buy bread' }];
  return client.post('/create-dag', { title: 'x', nodes });
}

async function execution(client: FuzzClient): Promise<string> {
  const id = await client.post('/execute-dag', { dag_id: await dag(client) }, 'execution_id');
  await when(client, `/dag-executions/${id}`, ENDED);
  return id;
}

async function projectWithFile(client: FuzzClient): Promise<string> {
  const id = await client.post('/projects', { title: 'x', mode: 'build' });
  await client.call('post', `/projects/${id}/files`, { path: 'a.ts', content: 'export {};' });
  return id;
}

/** For the answer of a chat that asks for a tool of the client. */
export async function continuation(client: FuzzClient): Promise<Json> {
  const { tool_calls: calls = [], continuation: token } = await client.call('post', '/chat', {
    message: 'list my tasks',
    client_tools: true,
  });
  const results = calls.map(({ call_id }: { call_id: string }) => ({ call_id, result: [{ id: 'a', title: 'Milk' }] }));
  return { continuation: token, tool_results: results };
}
