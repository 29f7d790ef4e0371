import { createHash } from 'node:crypto';
import { Agent, request as http } from 'node:http';
import { newId } from '@adiuva/kernel';
import type { openApiDocument } from '../../apps/api/src/docs/openapi';
import type { HttpAnswer } from '../fuzz/http-client';
import type { TestUser } from '../support/app';
import { FORM, sketchAt } from '../support/builders/vectors';

const blob = Buffer.from('AAAA', 'base64');
const SUM = createHash('sha256').update(blob).digest('hex');
const SKETCH = { v: 1, ...FORM, epoch: 1, data: sketchAt(1).toString('base64') };
const PASSKEY = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {} };
const RETENTION = { keep_last: 3, keep_daily: 0, keep_weekly: 0, keep_monthly: 0 };

const AGENT = new Agent({ keepAlive: true });

/** A body for every route that takes one, so that one member at a time can be odd. */
const BODIES: Readonly<Record<string, object>> = {
  'post /auth/register': { email: 'x', password: 'a long walk by the sea', name: 'X' },
  'post /auth/login': { email: 'nobody@example.org', password: 'x', totp: '1' },
  'post /auth/refresh': { refresh_token: 'x' },
  'post /auth/logout': { refresh_token: 'x' },
  'post /auth/password': { current_password: 'x', new_password: 'a longer walk by the sea' },
  'delete /auth/account': { password: 'x' },
  'post /auth/email/verify': { token: 'x' },
  'post /auth/email': { email: 'x@example.org', password: 'x' },
  'post /auth/password/forgot': { email: 'x@example.org' },
  'post /auth/password/reset': { token: 'x', new_password: 'a longer walk by the sea', keyring: 'AAAA' },
  'post /auth/passkeys/register': {
    ...PASSKEY,
    name: 'x',
    response: { clientDataJSON: 'e30', attestationObject: 'oA', transports: ['usb'], publicKeyAlgorithm: -7 },
  },
  'post /auth/passkeys/login': {
    ...PASSKEY,
    response: { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA', userHandle: 'AAAA' },
  },
  'post /auth/agent-token': { scopes: ['tools:*'], ttl_s: 1 },
  'post /reports': { kind: 'week', tasks: [{ a: 1 }], projects: [], checkpoints: [], timezone: 'UTC', at: 1 },
  'post /telemetry': { events: [{ name: 'app_started', at: 1, properties: { startup_ms: 1 } }] },
  'put /telemetry/consent': { enabled: true },
  'post /exports': { password: 'x' },
  'post /gateway/tools/{name}': { arguments: { title: 'x' } },
  'post /auth/totp/confirm': { code: '1' },
  'delete /auth/totp': { password: 'x', code: '1' },
  'put /auth/keyring': { keyring: 'AAAA' },
  'post /devices': { name: 'x', public_key: 'x', signature: 'AAAA' },
  'post /chat': {
    message: 'add a task: buy bread',
    context: {
      user_profile: { timezone: 'UTC', projects: [{ id: 'a', name: 'b' }] },
      recent_tasks: [{ id: 'a', title: 'b' }],
    },
    execution_mode: 'direct',
    agents: ['task_agent'],
    client_tools: false,
  },
  'post /chat/continue': { continuation: 'x', tool_results: [{ call_id: 'a', result: 1, error: 'x' }] },
  'post /plans/steps': { prompt_template: 'x', variables: { a: 'b' } },
  'post /ai/images': { prompt: 'x', size: '1024x1024' },
  'post /ai/speech': { text: 'x', voice: 'alloy', format: 'mp3' },
  'post /teams': { name: 'x' },
  'post /teams/{id}/invites': { email: 'x@example.org', role: 'member' },
  'post /billing/checkout': { tier: 'team', seats: 2 },
  'post /storage/records': { table: 'notes', blob: 'AAAA', checksum: SUM, id: newId() },
  'post /storage/records/batch': {
    operations: [
      { op: 'create', table: 'notes', blob: 'AAAA', checksum: SUM, id: newId() },
      { op: 'update', id: newId(), blob: 'AAAA', checksum: SUM, if_match: 1 },
      { op: 'delete', id: newId(), if_match: 1 },
    ],
  },
  'post /agents': {
    name: 'minutes_agent',
    description: 'x',
    instructions: 'x',
    tools: ['list_tasks'],
    model_role: 'agent',
    memory: true,
    enabled: true,
  },
  'post /memories': { agent: 'task_agent', content: 'x' },
  'post /goals': {
    title: 'x',
    instructions: 'add a task: buy bread',
    agent: 'task_agent',
    input: { tasks: [] },
    schedules: [
      {
        kind: 'cron',
        expression: '0 9 * * 1',
        timezone: 'UTC',
        enabled: true,
        starts_at: 1,
        ends_at: 4_000_000_000_000,
      },
    ],
    custody: 'server',
    missed: 'skip',
    notify: false,
  },
  'post /goals/{id}/run': { input: { a: 1 } },
  'post /create-dag': {
    title: 'x',
    nodes: [
      {
        id: 'a',
        name: 'x',
        agent: 'task_agent',
        instructions: 'add a task: buy bread',
        arguments: { a: 1 },
        depends_on: ['a'],
        when: { node: 'a', path: 'b', operator: 'equals', value: 1 },
        on_error: 'fail',
      },
    ],
    params: { a: 1 },
  },
  'post /execute-dag': { dag_id: newId(), params: { a: 1 } },
  'post /resume-dag/{executionId}': { from_node: 'a', answer: { a: 1 } },
  'post /schedules/preview': {
    kind: 'rrule',
    expression: 'FREQ=DAILY',
    timezone: 'UTC',
    count: 3,
    starts_at: 1,
    ends_at: 4_000_000_000_000,
  },
  'post /runs/{id}/actions/ack': { action_ids: [newId()] },
  'post /runs/{id}/key': { key: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' },
  'post /runs/{id}/resume': { answer: { a: 1 } },
  'put /storage/records/{id}': { blob: 'AAAA', checksum: SUM },
  'put /storage/vectors/collections/{name}': { mode: 'sketch', ...FORM, epoch: 1, wrapped_keys: [{ a: 1 }] },
  'post /storage/vectors/upsert': {
    vectors: [{ id: 'a', blob: 'AAAA', checksum: SUM, sketch: SKETCH, epoch: 1, collection: 'notes' }],
  },
  'post /storage/vectors/search': {
    query_blob: 'AAAA',
    sketches: [{ epoch: 1, data: SKETCH.data }],
    top_k: 3,
    collection: 'notes',
  },
  'delete /storage/vectors': { ids: ['a'], collection: 'notes' },
  'post /plugins/{id}/install': { plugin_id: newId(), version: '1.0.0' },
  'put /plugins/{id}/rating': { stars: 3, text: 'x' },
  'post /admin/plugins/reviews/{id}': { decision: 'reject', notes: 'x' },
  'post /admin/plugins/{id}/unlist': { version: '9.9.9' },
  'post /admin/payouts': { period: '2026-01' },
  'post /backup/uploads': { version: 1, timestamp: 1, checksum: SUM, size_bytes: 3, chunk_size: 65_536 },
  'put /backup/retention': RETENTION,
  'post /backup/retention/preview': RETENTION,
  'delete /backup/{id}': { password: 'x' },
};

/** What is sent to one route; `path` is below /api/v1. */
export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export type Paths = ReturnType<typeof openApiDocument>['paths'];
export type Operation = NonNullable<Paths[string]['get']>;

export interface Route extends RouteRequest {
  /** As the document has it, below /api/v1. */
  readonly template: string;
  readonly operation: Operation;
  /** What an honest client could send; null where the route takes no JSON. */
  readonly json: object | null;
}

const METHODS = ['get', 'post', 'put', 'delete'] as const;

/**
 * Every route of the document but those of PATCH; `id` stands where a path has one. With `examples` those too, and the document's own example
 * where there is no body of ours.
 */
export function everyRoute(paths: Paths, id: string, examples = false): Route[] {
  return Object.entries(paths).flatMap(([full, operations]) => {
    const template = full.replace('/api/v1', '');
    // Not ready is an honest answer of a server that runs no jobs.
    if (template === '/health/ready') return [];
    return [...METHODS, ...(examples ? (['patch'] as const) : [])].flatMap((method): Route[] => {
      const operation = operations[method];
      if (!operation) return [];
      const path = template
        .replace('{n}', '0')
        .replace('{name}', 'notes')
        .replace(/\{\w+\}/, id);
      return [
        {
          method,
          path,
          template,
          operation,
          json: BODIES[`${method} ${template}`] ?? (examples ? exampleOf(operation) : null),
        },
      ];
    });
  });
}

export function exampleOf({ requestBody }: Operation): object | null {
  if (!requestBody || !('content' in requestBody)) return null;
  const example: unknown = requestBody.content['application/json']?.example;
  return typeof example === 'object' && example !== null ? example : null;
}

export function withJson({ method, path }: RouteRequest, json: unknown): RouteRequest {
  const headers = { 'content-type': 'application/json', 'if-match': '*' };
  return { method, path, headers, body: JSON.stringify(json) };
}

export function hangUp(): void {
  AGENT.destroy();
}

/** Sent as it stands: nothing mends a path or a header on the way. */
export function send(
  port: number,
  user: Pick<TestUser, 'accessToken'>,
  { method, path, headers, body }: RouteRequest,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = http({
      agent: AGENT,
      port,
      host: '127.0.0.1',
      method: method.toUpperCase(),
      path: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${user.accessToken}`,
        ...Object.fromEntries(
          Object.entries(headers ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
        ),
        'content-length': Buffer.byteLength(body ?? ''),
      },
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      let text = '';
      const whole = (): HttpAnswer => ({
        status: answer.statusCode ?? 0,
        type: answer.headers['content-type'] ?? '',
        text,
        headers: answer.headers,
      });
      // An event stream of something that lasts has no end.
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        resolve(whole());
        answer.once('error', () => undefined).destroy();
        return;
      }
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.once('end', () => resolve(whole())).once('error', reject);
    });
    sent.end(body);
  });
}
