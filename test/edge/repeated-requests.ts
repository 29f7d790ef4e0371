import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type request from 'supertest';
import { ServerConfig } from '@adiuva/config';
import { Store } from '../marketplace/store';
import { AGENT_SECRET, HMAC_SECRET, SignedCall } from '../gateway/signed-call';
import { stored } from '../backup/backup-client';
import { PASSWORD, type TestApp, type TestUser } from '../support/app';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';
import { item } from '../support/builders/vectors';

/** What the server must have, for passkeys and the gateway. */
export const LAB_SETTINGS = {
  PUBLIC_URL: 'https://adiuva.example',
  AGENT_JWT_SECRET: AGENT_SECRET,
  BACKEND_HMAC_SECRET: HMAC_SECRET,
};

/** A POST that can be sent several times, and what shows whether it took effect. */
export interface RepeatedRequest {
  send(): request.Test;
  /** Rows that differ after the effect. */
  readonly effect: string;
}

type Prepare = (lab: Lab) => RepeatedRequest | Promise<RepeatedRequest>;

/** A server with a subscriber, an administrator and a plugin in review. */
export class Lab {
  readonly store: Store;

  constructor(
    readonly app: TestApp,
    readonly database: Client,
    readonly user: TestUser,
  ) {
    this.store = new Store(app);
  }

  post(path: string, body: object, effect: string, user: TestUser | undefined = this.user): RepeatedRequest {
    return { send: () => this.app.call('post', path, user).send(body), effect };
  }

  /** A team with three seats, and where it invites. */
  async team(): Promise<{ readonly path: string; readonly owner: TestUser }> {
    const owner = await this.app.user('team', 3);
    const { body } = await this.app.call('post', '/teams', owner).send({ name: 'Blue' }).expect(201);
    return { path: `/teams/${body.id}/invites`, owner };
  }

  async goal(): Promise<string> {
    const { body } = await this.app.call('post', '/goals', this.user).send(GOAL).expect(201);
    return String(body.id);
  }

  async dag(): Promise<string> {
    const { body } = await this.app.call('post', '/create-dag', this.user).send(DAG).expect(201);
    return String(body.id);
  }

  /** A run that is queued, because nothing executes runs here. */
  async run(change = ''): Promise<string> {
    const { body } = await this.app
      .call('post', `/goals/${await this.goal()}/run`, this.user)
      .send({})
      .expect(202);
    if (change !== '') await this.database.query(`UPDATE runs SET ${change} WHERE id = $1`, [body.run_id]);
    return String(body.run_id);
  }

  /** A review of an empty project by rules alone. */
  async job(): Promise<object> {
    const { body } = await this.app.call('post', '/projects', this.user).send(PROJECT).expect(201);
    return { project_id: body.id, agent_type: 'qa', input_context: {} };
  }

  /** A worker that lives as long as the connection of `database`, and does nothing. */
  async worker(): Promise<void> {
    const { publicKey } = generateKeyPairSync('x25519');
    const { rows } = await this.database.query('INSERT INTO run_workers (public_key) VALUES ($1) RETURNING id', [
      publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    ]);
    await this.database.query('SELECT pg_advisory_lock(7711, $1)', [rows[0].id]);
  }

  async review(claim = false): Promise<{ path: string; admin: TestUser; effect: string }> {
    const admin = await this.store.admin();
    const { body } = await this.store.submit(await this.app.user(), { name: `Plugin ${randomUUID()}` }).expect(201);
    const { rows } = await this.database.query('SELECT id FROM plugin_versions WHERE plugin_id = $1', [body.plugin_id]);
    const path = `/admin/plugins/reviews/${rows[0].id}`;
    if (claim) await this.app.call('post', `${path}/claim`, admin).expect(200);
    return { path, admin, effect: AUDITED };
  }
}

const BLOB = Buffer.from('opaque bytes');
const SHA256 = createHash('sha256').update(BLOB).digest('hex');
const RECORD = { table: 'notes', blob: BLOB.toString('base64'), checksum: SHA256 };
const INVITE = { email: 'guest@example.org', role: 'member' };
const GOAL = { title: 'Report', instructions: 'add a task: write the report', agent: 'task_agent' };
const DAG = {
  title: 'Review',
  nodes: [{ id: 'first', tool: 'create_task', arguments: { title: 'review' }, depends_on: [] }],
};
const AGENT = { name: 'minutes_agent', description: 'x', instructions: 'x', tools: [], memory: true };
const NOTIFICATION = { title: 'Report is ready', body: 'x', urgency: 'normal' };
const PROJECT = { title: 'Site', mode: 'build' };
const FILES = 'SELECT id, version FROM code_files ORDER BY id';
const KEY = Buffer.alloc(32, 7).toString('base64');
const RUNS = 'SELECT id, status, attempt, pending_actions, last_event FROM runs ORDER BY id';
const AUDITED = 'SELECT id, action FROM audit_events WHERE user_id IS NULL ORDER BY id';
const RECORDS = 'SELECT id FROM records ORDER BY id';

/** Every route whose `Idempotency-Key` is `atomic`. */
export const ATOMIC: Readonly<Record<string, Prepare>> = {
  '/auth/register': ({ app }) => {
    const body = { email: `new-${randomUUID()}@example.org`, password: PASSWORD };
    return { send: () => app.call('post', '/auth/register').send(body), effect: 'SELECT id FROM users ORDER BY id' };
  },
  '/auth/password': async (lab) => {
    const body = { current_password: PASSWORD, new_password: 'a longer walk by the sea' };
    return lab.post('/auth/password', body, 'SELECT id, password_hash FROM users ORDER BY id', await lab.app.user());
  },
  '/auth/passkeys/register': async (lab) => {
    const { body: options } = await lab.app.call('post', '/auth/passkeys/register/options', lab.user).expect(200);
    const body = new SoftwareAuthenticator(lab.app.nest.get(ServerConfig).publicUrl).create(options);
    return lab.post('/auth/passkeys/register', body, 'SELECT id FROM passkeys ORDER BY id');
  },
  '/teams': async (lab) =>
    lab.post('/teams', { name: 'Blue' }, 'SELECT id FROM teams ORDER BY id', await lab.app.user('team')),
  '/teams/{id}/invites': async (lab) => {
    const { path, owner } = await lab.team();
    return lab.post(path, INVITE, 'SELECT id FROM team_invites ORDER BY id', owner);
  },
  '/invites/{token}/accept': async (lab) => {
    const { path, owner } = await lab.team();
    await lab.app.call('post', path, owner).send(INVITE).expect(201);
    const { body } = await lab.app.call('get', '/admin/outbox', await lab.store.admin()).expect(200);
    const token = /#token=([\w-]+)/.exec(body.mails[0].text)?.[1];
    const members = 'SELECT user_id FROM team_members ORDER BY user_id';
    return lab.post(`/invites/${token}/accept`, {}, members, await lab.app.user());
  },
  '/devices': (lab) => lab.post('/devices', { name: 'laptop', public_key: KEY }, 'SELECT id FROM devices ORDER BY id'),
  '/storage/records': (lab) => lab.post('/storage/records', RECORD, RECORDS),
  '/storage/records/batch': (lab) =>
    lab.post('/storage/records/batch', { operations: [{ op: 'create', ...RECORD }] }, RECORDS),
  '/backup/uploads': (lab) =>
    lab.post(
      '/backup/uploads',
      { version: 1, timestamp: 1, checksum: SHA256, size_bytes: BLOB.length, chunk_size: 1_048_576 },
      'SELECT id FROM backup_uploads ORDER BY id',
    ),
  '/backup/{id}/restore': async (lab) => {
    const id = await stored(lab.app, lab.user);
    await lab.app.call('delete', `/backup/${id}`, lab.user).send({}).expect(200);
    return lab.post(`/backup/${id}/restore`, {}, 'SELECT id, purge_at, restored_at FROM backups ORDER BY id');
  },
  '/exports': (lab) => lab.post('/exports', { password: PASSWORD }, 'SELECT id FROM account_exports ORDER BY id'),
  '/gateway/tools/{name}': async ({ app, user }) => {
    const { body } = await app
      .call('post', '/auth/agent-token', user)
      .send({ scopes: ['tools:*'] })
      .expect(200);
    const options = { token: String(body.token), body: { arguments: { title: 'x' } } };
    return { send: () => new SignedCall(app, 'post', '/gateway/tools/create_task').with(options).send(), effect: RUNS };
  },
  '/goals': (lab) => lab.post('/goals', GOAL, 'SELECT id FROM goals ORDER BY id'),
  '/goals/plan': (lab) =>
    lab.post('/goals/plan', { text: 'Get fit', timezone: 'UTC' }, 'SELECT id FROM runs ORDER BY id'),
  '/goals/{id}/run': async (lab) => lab.post(`/goals/${await lab.goal()}/run`, {}, 'SELECT id FROM runs ORDER BY id'),
  '/runs/{id}/actions/ack': async (lab) => {
    const action = randomUUID();
    const id = await lab.run(`pending_actions = ARRAY['${action}'::uuid]`);
    return lab.post(`/runs/${id}/actions/ack`, { action_ids: [action] }, RUNS);
  },
  '/runs/{id}/cancel': async (lab) => lab.post(`/runs/${await lab.run()}/cancel`, {}, RUNS),
  '/runs/{id}/resume': async (lab) =>
    lab.post(`/runs/${await lab.run(`status = 'failed', ended_at = now()`)}/resume`, {}, RUNS),
  '/create-dag': (lab) => lab.post('/create-dag', DAG, 'SELECT id FROM dags ORDER BY id'),
  '/execute-dag': async (lab) => lab.post('/execute-dag', { dag_id: await lab.dag() }, RUNS),
  '/resume-dag/{executionId}': async (lab) => {
    const { body } = await lab.app
      .call('post', '/execute-dag', lab.user)
      .send({ dag_id: await lab.dag() })
      .expect(202);
    await lab.database.query(`UPDATE runs SET status = 'failed', ended_at = now() WHERE id = $1`, [body.execution_id]);
    return lab.post(`/resume-dag/${body.execution_id}`, {}, RUNS);
  },
  '/agents': (lab) => lab.post('/agents', AGENT, 'SELECT id FROM custom_agents ORDER BY id'),
  '/memories': (lab) => lab.post('/memories', { content: 'x' }, 'SELECT id FROM memories ORDER BY id'),
  '/notifications': (lab) => lab.post('/notifications', NOTIFICATION, 'SELECT id FROM notifications ORDER BY id'),
  '/projects': (lab) => lab.post('/projects', PROJECT, 'SELECT id FROM code_projects ORDER BY id'),
  '/projects/{id}/files': async (lab) => {
    const { body } = await lab.app.call('post', '/projects', lab.user).send(PROJECT).expect(201);
    const file = { path: 'src/a.ts', content: 'export {};' };
    return lab.post(`/projects/${body.id}/files`, file, FILES);
  },
  '/run-agent': async (lab) => lab.post('/run-agent', await lab.job(), 'SELECT id FROM runs ORDER BY id'),
  '/jobs/{job_id}/cancel': async (lab) => {
    const { body } = await lab.app
      .call('post', '/run-agent', lab.user)
      .send(await lab.job())
      .expect(202);
    return lab.post(`/jobs/${body.job_id}/cancel`, {}, RUNS);
  },
  '/runs/{id}/key': async (lab) => {
    await lab.worker();
    const id = await lab.run(`status = 'waiting', waiting_for = 'device', custody = 'device'`);
    return lab.post(`/runs/${id}/key`, { key: KEY }, 'SELECT id, key_worker, status FROM runs ORDER BY id');
  },
  '/plugins': (lab) => {
    const name = `Plugin ${randomUUID()}`;
    return { send: () => lab.store.submit(lab.user, { name }), effect: 'SELECT id FROM plugins ORDER BY id' };
  },
  '/plugins/{id}/versions': async (lab) => {
    const name = `Plugin ${randomUUID()}`;
    const { body } = await lab.store.submit(lab.user, { name }).expect(201);
    return {
      send: () => lab.store.submitVersion(lab.user, body.plugin_id, { name, version: '1.1.0' }),
      effect: 'SELECT id FROM plugin_versions ORDER BY id',
    };
  },
  '/admin/jobs/{id}/retry': async ({ app, database, store }) => {
    const { rows } = await database.query(
      `SELECT id FROM graphile_worker.add_job('no_such_task', '{}', max_attempts := 1)`,
    );
    await database.query(`UPDATE graphile_worker._private_jobs SET attempts = 1 WHERE id = $1`, [rows[0].id]);
    const admin = await store.admin();
    return {
      send: () => app.call('post', `/admin/jobs/${rows[0].id}/retry`, admin),
      effect: `SELECT id, attempts FROM graphile_worker.jobs WHERE task_identifier = 'no_such_task' ORDER BY id`,
    };
  },
  '/admin/plugins/reviews/{id}/claim': async (lab) => {
    const { path, admin, effect } = await lab.review();
    return lab.post(`${path}/claim`, {}, effect, admin);
  },
  '/admin/plugins/reviews/{id}/release': async (lab) => {
    const { path, admin, effect } = await lab.review(true);
    return lab.post(`${path}/release`, {}, effect, admin);
  },
  '/admin/plugins/reviews/{id}': async (lab) => {
    const { path, admin, effect } = await lab.review();
    return lab.post(path, { decision: 'approve' }, effect, admin);
  },
  '/admin/plugins/{id}/unlist': async (lab) => {
    const id = await lab.store.publish(await lab.app.user(), { name: `Plugin ${randomUUID()}` });
    return lab.post(`/admin/plugins/${id}/unlist`, {}, AUDITED, await lab.store.admin());
  },
  '/admin/plugins/{id}/relist': async (lab) => {
    const id = await lab.store.publish(await lab.app.user(), { name: `Plugin ${randomUUID()}` });
    return lab.post(`/admin/plugins/${id}/relist`, {}, AUDITED, await lab.store.admin());
  },
};

/** Routes whose effect is the same one when it is carried out again. */
export const REPEATABLE: Readonly<Record<string, Prepare>> = {
  '/storage/vectors/upsert': (lab) => {
    const { id, blob, checksum } = item(`vector-${randomUUID()}`);
    const vectors = [{ id, blob: blob.toString('base64'), checksum: checksum.toString('hex') }];
    return lab.post('/storage/vectors/upsert', { vectors }, 'SELECT id FROM vector_items ORDER BY id');
  },
  '/plugins/{id}/install': async (lab) => {
    const id = await lab.store.publish(await lab.app.user(), { name: `Plugin ${randomUUID()}` });
    return lab.post(`/plugins/${id}/install`, {}, 'SELECT user_id, plugin_id FROM plugin_installs ORDER BY 1, 2');
  },
};
