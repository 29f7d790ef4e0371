import { randomBytes, randomUUID } from 'node:crypto';
import { FuzzClient, NotPrepared, PASSWORD, type Json } from './client';
import { backup, upload } from './prepared/backups';
import { installed, othersPlugin, publishedPlugin } from './prepared/plugins';
import { passkey, otherSession } from './prepared/accounts';
import { acceptance, invite, member, team } from './prepared/teams';
import { acknowledgementToken, channel } from './prepared/notifications';

type Maker = (client: FuzzClient) => Promise<string>;

const word = (): string => `w${randomBytes(6).toString('hex')}`;
const made =
  (path: string, body: () => object, member = 'id'): Maker =>
  (client) =>
    client.post(path, body(), member);

const NODES = [
  { id: 'a', agent: 'task_agent', instructions: 'add a task: buy bread' },
  { id: 'b', agent: 'task_agent', instructions: 'list my tasks', depends_on: ['a'], on_error: 'continue' },
];

/** Makes what a path parameter names; the key is the path up to and with the parameter. */
const MAKERS: Readonly<Record<string, Maker>> = {
  '/devices/{id}': made('/devices', () => ({ name: 'x', public_key: randomBytes(32).toString('base64') })),
  '/auth/passkeys/{id}': async (client) => (await passkey(client)).id,
  '/auth/sessions/{id}': otherSession,
  '/agents/{id}': made('/agents', () => ({ name: word(), description: 'x', instructions: 'x', tools: ['list_tasks'] })),
  '/tools/{name}': async () => 'create_task',
  '/memories/{id}': made('/memories', () => ({ content: word() })),
  '/plans/playbook/{id}': async (client) => first(await client.call('get', '/plans/playbook')).id,
  '/storage/records/{id}': made('/storage/records', () => ({ table: 'notes', blob: '', checksum: EMPTY_SUM })),
  '/storage/vectors/collections/{name}': async (client) => {
    const name = word();
    await client.call('put', `/storage/vectors/collections/${name}`, { mode: 'local' });
    return name;
  },
  '/plugin-packages/{ticket}': async (client) => {
    const { download_url: url } = await installed(client);
    return lastOf(url);
  },
  '/plugins/{id}': publishedPlugin,
  '/admin/plugins/{id}': publishedPlugin,
  '/admin/plugins/reviews/{id}': othersPlugin,
  '/admin/users/{id}': async ({ target }) => (await FuzzClient.register(target)).account.id,
  '/admin/jobs/{id}': deadJob,
  '/backup/{id}': backup,
  '/backup/uploads/{id}': upload,
  '/backup/uploads/{id}/chunks/{n}': async () => '0',
  '/goals/{id}': made('/goals', () => ({ title: 'x', instructions: 'list my tasks', agent: 'task_agent' })),
  '/runs/{id}': async (client) => client.post(`/goals/${await valueOf(client, '/goals/{id}')}/run`, {}, 'run_id'),
  '/dags/{id}': made('/create-dag', () => ({ title: 'x', nodes: NODES })),
  '/dag-executions/{id}': execution,
  '/resume-dag/{executionId}': execution,
  '/providers/{name}': async (client) => {
    await client.call('put', '/providers/openai', { api_key: 'sk-x', base_url: client.world.model.url });
    return 'openai';
  },
  '/teams/{id}': team,
  '/teams/{id}/members/{userId}': member,
  '/teams/{id}/invites/{inviteId}': invite,
  '/invites/{token}': acceptance,
  '/projects/{id}': made('/projects', () => ({ title: 'x', mode: 'build' })),
  '/jobs/{project_id}': (client) => valueOf(client, '/projects/{id}'),
  '/jobs/{job_id}': async (client) =>
    client.post(
      '/run-agent',
      { project_id: await valueOf(client, '/projects/{id}'), agent_type: 'qa', input_context: {} },
      'job_id',
    ),
  '/notifications/{id}': made('/notifications', () => ({ title: 'x', urgency: 'low' })),
  '/notifications/channels/{id}': channel,
  '/notifications/ack/{token}': acknowledgementToken,
  '/gateway/tools/{name}': async () => 'create_task',
  '/exports/{id}': exported,
  '/export-downloads/{token}': async (client) => {
    const id = await exported(client);
    const url = await client.until(async () => {
      const { download_url: link }: { download_url?: string | null } = await client.call('get', `/exports/${id}`);
      return link ?? undefined;
    });
    return lastOf(url);
  },
};

const EMPTY_SUM = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Whether a value is there to be used more than once. */
const SPENT = new Set(['/plugin-packages/{ticket}', '/invites/{token}', '/export-downloads/{token}', '/exports/{id}']);

export function hasMaker(prefix: string): boolean {
  return Object.hasOwn(MAKERS, prefix);
}

/** A value that exists for the parameter at the end of `prefix`; one of before where there is one, unless `isNew`. */
export async function valueOf(client: FuzzClient, prefix: string, isNew = false): Promise<string> {
  const known = client.made.get(prefix) ?? [];
  const last = known.at(-1);
  if (last !== undefined && !isNew && !SPENT.has(prefix)) return last;
  const maker = MAKERS[prefix];
  if (!maker) throw new NotPrepared(`nothing makes ${prefix}`);
  const value = await maker(client);
  client.made.set(prefix, [...known, value].slice(-MAX_KNOWN));
  return value;
}

const MAX_KNOWN = 5;

function first(list: Json): Json {
  const [one] = list;
  if (one === undefined) throw new NotPrepared('an empty list');
  return one;
}

const lastOf = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? '';

async function execution(client: FuzzClient): Promise<string> {
  const body = { dag_id: await valueOf(client, '/dags/{id}') };
  return client.post('/execute-dag', body, 'execution_id');
}

async function exported(client: FuzzClient): Promise<string> {
  return client.post('/exports', { password: PASSWORD });
}

/** A job that has had all its attempts. */
async function deadJob({ target }: FuzzClient): Promise<string> {
  const [row] = await target.query<{ id: string }>(
    `SELECT id FROM graphile_worker.add_job('no_such_task', '{}', max_attempts := 1, job_key := $1)`,
    [randomUUID()],
  );
  if (!row) throw new NotPrepared('no job');
  await target.query('UPDATE graphile_worker._private_jobs SET attempts = 1 WHERE id = $1', [row.id]);
  return row.id;
}
