import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { Database, Jobs, jobHandler, jobKind, JobRunner, JobRunnerParts, NoTracing, Tracing } from '@adiuva/platform';
import { z } from 'zod';
import { eventually, TestApp } from '../support/app';

const ROOT = resolve(__dirname, '../..');
const ATTRIBUTES = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.agent.name',
  'gen_ai.tool.name',
  'db.system.name',
  'db.operation.name',
  'error.type',
  'adiuva.request_id',
  'adiuva.chat.outcome',
  'adiuva.job.name',
  'adiuva.job.attempt',
];

interface ExportedSpan {
  readonly name: string;
  readonly spanId: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly events?: readonly unknown[];
  readonly attributes: readonly { readonly key: string }[];
}

/** A collector of OTLP over HTTP. */
class Collector {
  readonly bodies: string[] = [];
  readonly headers: Record<string, unknown>[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        if (request.url === '/v1/traces') this.bodies.push(Buffer.concat(parts).toString('utf8'));
        this.headers.push(request.headers);
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get spans(): ExportedSpan[] {
    return this.bodies.flatMap((body) => {
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: ExportedSpan[] }[] }[];
      };
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('traces', () => {
  const collector = new Collector();
  const marker = `canary${randomUUID().replaceAll('-', '')}`;
  const agentName = `agent_${marker.slice(0, 20)}`;
  const job = jobKind('traced_job_of_test', z.object({}));

  beforeAll(async () => {
    const app = await TestApp.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.start(),
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=blue, authorization=Basic abc==',
    });
    await everythingWith(app, marker, agentName);
    let isDone = false;
    const runner = new JobRunner(app.nest.get(JobRunnerParts));
    await runner.start([jobHandler(job, () => Promise.resolve(void (isDone = true)))]);
    await app.nest.get(Database).transaction((tx) => app.nest.get(Jobs).add(tx, job, {}));
    await eventually(() => isDone);
    await runner.stop();
    const tracing = app.nest.get(Tracing);
    tracing.start('planted', { 'http.route': 'planted-in-a-permitted-attribute' }).end();
    const more: object = { 'planted.attribute': 'planted', 'http.route': `no name: "${marker}"` };
    tracing.start(`no name: "${marker}"`, more).end(new Error(marker));
    // Before the end, which waits for the collector for 3 s alone.
    await eventually(() => collector.bodies.join('\n').includes('planted-in-a-permitted-attribute'));
    await app.stop();
  });
  afterAll(() => collector.stop());

  const named = (name: string | RegExp) =>
    collector.spans.filter((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)));

  it('have spans of requests, chats, agents, model calls, tools, transactions and jobs', () => {
    const kinds = {
      request: 'POST /api/v1/chat',
      chat: 'chat',
      agent: 'invoke_agent task_agent',
      model: /^chat offline/,
      tool: 'execute_tool create_task',
      transaction: 'transaction',
      job: `job ${job.name}`,
    };
    const missing = Object.entries(kinds).filter(([, name]) => named(name).length === 0);
    expect(missing).toEqual([]);
  });

  it('are nested: a tool in an agent in a chat in a request', () => {
    const all = new Map(collector.spans.map((span) => [span.spanId, span]));
    const lineage: string[] = [];
    for (
      let span: ExportedSpan | undefined = named('execute_tool create_task')[0];
      span;
      span = all.get(span.parentSpanId ?? '')
    )
      lineage.push(span.name);
    expect(lineage).toEqual(['execute_tool create_task', 'invoke_agent task_agent', 'chat', 'POST /api/v1/chat']);
  });

  it('have no attribute outside the allow-list, no event and no message', () => {
    const spans = collector.spans;
    const unknown = spans.flatMap(({ attributes }) => attributes.map(({ key }) => key));
    expect([...new Set(unknown)].filter((key) => !ATTRIBUTES.includes(key))).toEqual([]);
    expect(spans.filter(({ events = [], status }) => events.length > 0 || status.message)).toEqual([]);
  });

  it('have nothing that a user wrote, wherever it was sent', () => {
    const sent = collector.bodies.join('\n');
    expect([sent.includes(marker), sent.includes(agentName)]).toEqual([false, false]);
  });

  it('would be found to have it: what is planted in a permitted attribute arrives', () => {
    expect(collector.bodies.join('\n')).toContain('planted-in-a-permitted-attribute');
  });

  it('go to the collector with its headers', () => {
    expect(collector.headers[0]).toMatchObject({ 'x-tenant': 'blue', authorization: 'Basic abc==' });
  });
});

describe('tracing', () => {
  it('is off by default, and its SDK is not loaded then', async () => {
    const app = await TestApp.start();
    expect(app.nest.get(Tracing)).toBeInstanceOf(NoTracing);
    await app.stop();
    const script = `require('./apps/api/src/api.module');
      process.stdout.write(String(Object.keys(require.cache).filter((file) => /@opentelemetry\\/(?!api\\/)/.test(file)).length));`;
    const hook = resolve(ROOT, 'test/support/typescript.js');
    expect(execFileSync(process.execPath, ['--require', hook, '-e', script], { cwd: ROOT, encoding: 'utf8' })).toBe(
      '0',
    );
  });

  it('traces the configured share', async () => {
    const collector = new Collector();
    const app = await TestApp.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.start(),
      OTEL_TRACES_SAMPLE_PERCENT: '0',
    });
    await app.call('get', '/health').expect(200);
    await app.stop();
    collector.stop();
    expect(collector.spans).toEqual([]);
  });

  it('disturbs nothing where the collector does not answer', async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((listening) => hanging.listen(0, '127.0.0.1', listening));
    const { port } = hanging.address() as AddressInfo;
    const app = await TestApp.start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    const user = await app.user();
    await app.call('get', '/auth/me', user).expect(200);
    await app.stop();
    hanging.closeAllConnections();
    hanging.close();
  });
});

/** Requests of many kinds with the marker in every place that a client fills. */
async function everythingWith(app: TestApp, marker: string, agentName: string): Promise<void> {
  const user = await app.user('power');
  await app.call('post', '/auth/login').send({ email: `${marker}@example.org`, password: marker });
  await app.call('get', `/${marker}/${marker}?${marker}=${marker}`, user);
  await app.call('get', `/tools/${marker}`, user);
  await app
    .call('get', '/auth/me', user)
    .set('User-Agent', marker)
    .set('traceparent', `00-${marker.slice(6)}-1-01`);
  const blob = Buffer.from(marker);
  const checksum = createHash('sha256').update(blob).digest('hex');
  await app
    .call('post', '/storage/records', user)
    .send({ table: 'notes', blob: blob.toString('base64'), checksum })
    .expect(201);
  const chat = { message: `add a task: ${marker}`, context: { recent_tasks: [{ id: marker, title: marker }] } };
  await app
    .call('post', '/chat', user)
    .send({ ...chat, agents: ['task_agent'] })
    .expect(200);
  const agent = { name: agentName, description: marker, instructions: marker, tools: ['create_task'] };
  await app.call('post', '/agents', user).send(agent).expect(201);
  await app.call('post', '/chat', user).send({ ...chat, agents: [agentName] });
  await app.call('post', '/chat', user).send({ ...chat, agents: [marker] });
  const socket = await app.socket(user.accessToken);
  const done = new Promise((ended) => socket.once('chat:done', ended));
  await socket.emitWithAck('chat:send', chat);
  await done;
  const provider = { api_key: marker, model: marker, base_url: `https://${marker}.invalid/v1` };
  await app.call('put', '/providers/openai', user).send(provider);
  await app.call('post', '/chat', user).send(chat);
}
