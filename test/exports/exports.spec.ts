import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { ENTITIES } from '../../ormconfig';
import { ExportBuilder, ExportsJobs, ExportSources } from '@adiuva/exports';
import { newId } from '@adiuva/kernel';
import { BlobStore, Database, openStream, parseKey, safeKey, sealStream } from '@adiuva/platform';
import { getMetadataArgsStorage } from 'typeorm';
import { putBackup } from '../backup/backup-client';
import { lose } from '../backup/stores';
import { contentOf, RecordClient } from '../storage/record-client';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { entriesOf } from '../support/builders/zip-reader';
import { findPlaintext } from '../support/plaintext-search';

/** Where each table that has rows of users is in the archive. */
const EXPORTED: Readonly<Record<string, string>> = {
  users: 'account.json',
  sessions: 'sessions.json',
  devices: 'devices.json',
  passkeys: 'passkeys.json',
  keyrings: 'keyring.json',
  entitlements: 'subscription.json',
  subscriptions: 'subscription.json',
  teams: 'team.json',
  team_members: 'team.json',
  team_seats: 'team.json',
  audit_events: 'audit.json',
  goals: 'goals.json',
  schedules: 'goals.json',
  dags: 'dags.json',
  custom_agents: 'agents.json',
  memories: 'memories.json',
  runs: 'runs.json',
  run_steps: 'runs.json',
  code_jobs: 'runs.json',
  code_projects: 'projects.json',
  code_files: 'projects/',
  code_file_versions: 'project-versions/',
  own_providers: 'providers.json',
  notification_channels: 'notification-channels.json',
  notification_preferences: 'notification-preferences.json',
  notifications: 'notifications.json',
  notification_steps: 'notifications.json',
  records: 'records.json',
  vector_collections: 'vector-collections.json',
  vector_items: 'vectors/',
  backups: 'backups.json',
  plugins: 'plugins.json',
  plugin_installs: 'plugin-installs.json',
  plugin_ratings: 'plugin-ratings.json',
  plugin_purchases: 'plugin-purchases.json',
};
/** Tables with a user that are in no archive: what the server needs to work, and nothing about the person. */
const INTERNAL = [
  'account_exports',
  'account_tokens',
  'backup_uploads',
  'billing_drifts',
  'notification_replies',
  'plugin_developers',
  'record_feeds',
  'backup_vaults',
  'idempotency_keys',
  'known_addresses',
  'mails',
  'open_checkouts',
  'record_buckets',
  'record_changes',
  'run_events',
  'spent_continuations',
  'chat_streams',
  'chat_stream_parts',
  'sso_codes',
  'sso_identities',
  'storage_usage',
  'stripe_customers',
  'tier_changes',
  'telemetry_consents',
  'token_usage',
  'totp_recovery_codes',
  'totp_secrets',
  'user_keys',
];

describe('the export of an account', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.startJobs();
  });
  afterAll(() => app.stop());

  const newMarker = () => `Canary${randomBytes(12).toString('hex')}`;
  const request = async (user: TestUser): Promise<string> =>
    (await app.call('post', '/exports', user).send({ password: PASSWORD }).expect(202)).body.id;
  const state = async (user: TestUser, id: string) => (await app.call('get', `/exports/${id}`, user).expect(200)).body;
  const ready = async (user: TestUser) => {
    const id = await request(user);
    await eventually(async () => (await state(user, id)).status === 'ready');
    return state(user, id);
  };
  const pathOf = (url: string) => new URL(url).pathname.replace('/api/v1', '');
  const download = (url: string) => app.call('get', pathOf(url)).responseType('blob');

  it('has everything of the user, readable, and blobs as they are', async () => {
    const user = await app.user('power');
    const [goal, memory, agent, title, file, note, dag, earlier, apiKey] = Array.from({ length: 9 }, newMarker);
    const post = (path: string, body: object, status = 201) => app.call('post', path, user).send(body).expect(status);
    const { body: made } = await post('/goals', { title: goal, instructions: 'add a task: x' });
    await post(`/goals/${made.id}/run`, {}, 202);
    await post('/memories', { content: memory });
    await post('/agents', { name: 'minutes_agent', description: agent, instructions: 'x', tools: [], memory: true });
    const { body: project } = await post('/projects', { title, mode: 'build' });
    await post(`/projects/${project.id}/files`, { path: 'src/a.ts', content: earlier });
    await post(`/projects/${project.id}/files`, { path: 'src/a.ts', content: file }, 200);
    await app.call('put', '/providers/openai', user).send({ api_key: apiKey, model: 'gpt-of-the-user' }).expect(200);
    await post('/notifications', { title: note, body: 'x', urgency: 'low' }, 202);
    await post('/create-dag', { title: dag, nodes: [{ id: 'a', tool: 'create_task', arguments: { title: 'x' } }] });
    const blob = randomBytes(100_000);
    const { body: record } = await app
      .call('post', '/storage/records', user)
      .send({ table: 'notes', blob: blob.toString('base64'), checksum: contentOf(blob).checksum })
      .expect(201);
    const vector = randomBytes(64);
    await app
      .call('post', '/storage/vectors/upsert', user)
      .send({ vectors: [{ id: 'one', ...contentOf(vector) }] })
      .expect(200);
    const backup = randomBytes(50_000);
    await putBackup(app, user, backup).expect(200);
    const { download_url, size_bytes, expires_at } = await ready(user);
    expect(expires_at - Date.now()).toBeGreaterThan(23 * 3_600_000);
    const { body: archive, headers } = await download(download_url).expect(200);
    expect([archive.length, headers['content-type'], headers['cache-control']]).toEqual([
      size_bytes,
      'application/zip',
      'private, no-store',
    ]);
    const entries = await entriesOf(archive);
    const parsed = (name: string) => JSON.parse(entries[name] ?? 'null');
    expect(parsed('account.json')).toMatchObject({ id: user.id, email: user.email, tier: 'power' });
    for (const [name, marker] of Object.entries({
      'goals.json': goal,
      'runs.json': goal,
      'memories.json': memory,
      'agents.json': agent,
      'projects.json': title,
      [`projects/${project.id}/src/a.ts`]: file,
      [`project-versions/${project.id}/1/src/a.ts`]: earlier,
      'providers.json': 'gpt-of-the-user',
      'notifications.json': note,
      'dags.json': dag,
      'vectors/default.json': vector.toString('base64'),
    }))
      expect([name, entries[name]]).toEqual([name, expect.stringContaining(marker ?? '')]);
    expect(archive.includes(blob.subarray(0, 32)) || entries[`records/${record.id}`]).toBeTruthy();
    expect(entries[`records/${record.id}`]).toBe(blob.toString('utf8'));
    expect([parsed('backups.json'), parsed('damaged.json')]).toEqual([[expect.anything()], []]);
    expect(Object.values(entries)).toContain(backup.toString('utf8'));
    for (const place of new Set(Object.values(EXPORTED).filter((name) => name.endsWith('.json'))))
      expect([place, typeof entries[place]]).toEqual([place, 'string']);
    expect(Object.values(entries).join()).not.toContain(apiKey);
    const markers = [goal, memory, agent, title, file, note, dag, earlier, apiKey, user.email];
    const places = { databaseUrl: app.database.url, folders: [app.dataDir], texts: { log: app.log.join('\n') } };
    for (const marker of markers) expect(await findPlaintext(marker ?? '', places)).toEqual([]);
  });

  it('names the blobs that are damaged or lost, and has everything else', async () => {
    const user = await app.user('power');
    const records = new RecordClient(app, user);
    const [lost, bad, good] = [await records.made(), await records.made(randomBytes(600_000)), await records.made()];
    const { body: backup } = await putBackup(app, user, randomBytes(5_000)).expect(200);
    await lose(app, backup.id);
    const database = app.nest.get(Database);
    const keyOf = async (id: string) => {
      const [row] = await database.query<{ object_key: string }>('SELECT object_key FROM records WHERE id = $1', [id]);
      return parseKey(row?.object_key ?? '');
    };
    const store = app.nest.get(BlobStore);
    await store.delete([await keyOf(lost.id)]);
    const badKey = await keyOf(bad.id);
    await store.delete([badKey]);
    await store.put(badKey, randomBytes(600_000), { maxBytes: 600_000 });
    const entries = await entriesOf((await download((await ready(user)).download_url).expect(200)).body);
    expect(JSON.parse(entries['damaged.json'] ?? '')).toEqual([
      { path: `records/${lost.id}`, content: 'missing' },
      { path: `records/${bad.id}`, content: 'incomplete' },
      { path: `backups/${backup.id}`, content: 'missing' },
    ]);
    expect(entries[`records/${good.id}`]).toBe(good.bytes.toString('utf8'));
    expect(Object.keys(entries)).toContain(`records/${bad.id}`);
    expect(Object.keys(entries)).not.toContain(`records/${lost.id}`);
    expect(Object.keys(entries)).not.toContain(`backups/${backup.id}`);
  });

  it('has the team of an owner, and of a member the role and when it began', async () => {
    const owner = await app.user('team', 3);
    const { body: team } = await app.call('post', '/teams', owner).send({ name: 'Blue' }).expect(201);
    const member = await app.user();
    const invite = { email: member.email, role: 'admin' };
    await app.call('post', `/teams/${team.id}/invites`, owner).send(invite).expect(201);
    const { body: outbox } = await app.call('get', '/admin/outbox', await app.admin()).expect(200);
    const mail = outbox.mails.find(({ to }: { to: string }) => to === member.email);
    const [, token = ''] = /#token=([\w-]{43})/.exec(mail?.text ?? '') ?? [];
    await app.call('post', `/invites/${token}/accept`, member).expect(200);
    const teamOf = async (user: TestUser) => {
      const { body } = await download((await ready(user)).download_url).expect(200);
      return JSON.parse((await entriesOf(body))['team.json'] ?? '');
    };
    expect(await teamOf(owner)).toMatchObject({ id: team.id, name: 'Blue', role: 'owner', membership: null });
    expect(await teamOf(member)).toMatchObject({
      id: team.id,
      role: 'admin',
      membership: { userId: member.id, role: 'admin', active: true, joinedAt: expect.any(String) },
    });
  });

  it('misses no record although another one is deleted while the pages of the list are read', async () => {
    const user = await app.user('power');
    const ids = Array.from({ length: 150 }, () => newId());
    const operations = ids.map((id) => ({ op: 'create', id, table: 'notes', ...contentOf(randomBytes(8)) }));
    expect((await new RecordClient(app, user).batch(operations)).status).toBe(200);
    const owner = { userId: user.id, sessionId: newId(), tier: 'power', seats: 1, role: 'user' } as const;
    for (const source of app.nest.get(ExportSources).all)
      for await (const file of source(owner, new AbortController().signal)) {
        if (file.path !== 'records.json') continue;
        const parts = ((await file.open()) ?? Readable.from([]))[Symbol.asyncIterator]();
        const read: string[] = [String((await parts.next()).value)];
        await app.call('delete', `/storage/records/${ids[0]}`, user).expect(200);
        for (let next = await parts.next(); next.done !== true; next = await parts.next())
          read.push(String(next.value));
        const listed = (JSON.parse(read.join('')) as { id: string }[]).map(({ id }) => id);
        expect(listed).toHaveLength(new Set(listed).size);
        expect(listed).toEqual(expect.arrayContaining(ids.slice(1)));
        return;
      }
    throw new Error('there is no list of records');
  });

  it('of another user has nothing of this one, and is not there for this one', async () => {
    const [user, other] = [await app.user(), await app.user()];
    const { id, download_url } = await ready(other);
    await app.call('get', `/exports/${id}`, user).expect(404);
    const entries = await entriesOf((await download(download_url).expect(200)).body);
    expect(JSON.stringify(entries)).not.toContain(user.id);
    expect(JSON.parse(entries['records.json'] ?? '')).toEqual([]);
  });

  it('needs the password, and one is built at a time', async () => {
    const user = await app.user();
    const refused = await app.call('post', '/exports', user).send({ password: 'not the one' }).expect(401);
    expect(refused.body.code).toBe('invalid_credentials');
    const database = app.nest.get(Database);
    const id = '01a1fd2f-4307-769f-beae-5774deda5411';
    await database.query('INSERT INTO account_exports (id, user_id) VALUES ($1, $2)', [id, user.id]);
    await app.call('post', '/exports', user).send({ password: PASSWORD }).expect(409);
    expect(await state(user, id)).toEqual({
      id,
      status: 'queued',
      download_url: null,
      size_bytes: null,
      expires_at: null,
    });
  });

  it('is downloaded only by its own link, until its time is over; then it is deleted', async () => {
    const user = await app.user();
    const { id, download_url } = await ready(user);
    const path = pathOf(download_url);
    const [, token = ''] = path.split('/export-downloads/');
    const [, expires = '', mac = ''] = token.split('.');
    for (const forged of [
      `${id}.${Number(expires) + 1}.${mac}`,
      `01a1fd2f-4307-769f-beae-5774deda5411.${expires}.${mac}`,
      `${token}x`,
      token.slice(0, -1),
      id,
    ])
      await app.call('get', `/export-downloads/${forged}`).expect(404);
    const actions = (await app.call('get', '/audit', user).expect(200)).body.events;
    expect(actions.map(({ action }: { action: string }) => action)).toEqual(['export.requested', 'session.started']);
    const database = app.nest.get(Database);
    const keys = async () => {
      const found: string[] = [];
      for await (const { key } of app.nest.get(BlobStore).list(`exports/${user.id}/`)) found.push(key);
      return found;
    };
    expect(await keys()).toHaveLength(1);
    await database.query(`UPDATE account_exports SET expires_at = now() WHERE id = $1`, [id]);
    expect((await state(user, id)).status).toBe('expired');
    await app.call('get', path).expect(404);
    const sweep = app.nest.get(ExportsJobs).handlers.find(({ name }) => name === 'sweep_exports');
    await sweep?.run({}, new AbortController().signal);
    expect(await keys()).toEqual([]);
  });

  it('is made five times a day at most, and not downloaded without end', async () => {
    const user = await app.user();
    const { download_url } = await ready(user);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 21; attempt += 1)
      statuses.push((await app.call('get', pathOf(download_url))).status);
    expect(statuses).toEqual([...Array<number>(20).fill(200), 429]);
    for (let more = 0; more < 4; more += 1) await ready(user);
    const refused = await app.call('post', '/exports', user).send({ password: PASSWORD }).expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is not downloaded while the account is disabled', async () => {
    const user = await app.user();
    const { download_url } = await ready(user);
    await app.nest.get(Database).query('UPDATE users SET disabled_at = now() WHERE id = $1', [user.id]);
    await app.call('get', pathOf(download_url)).expect(404);
  });

  it('goes with the account', async () => {
    const user = await app.user();
    const { download_url } = await ready(user);
    await app.call('delete', '/auth/account', user).send({ password: PASSWORD }).expect(202);
    await app.call('get', pathOf(download_url)).expect(404);
    await eventually(async () => {
      for await (const { key } of app.nest.get(BlobStore).list('exports/')) if (key.includes(user.id)) return false;
      return true;
    });
  });

  it('that a killed process has left unfinished is deleted days later, and a finished one is not', async () => {
    const { download_url } = await ready(await app.user());
    const store = app.nest.get(BlobStore);
    const orphan = safeKey('exports', newId(), newId(), newId());
    await store.put(orphan, Buffer.of(1), { maxBytes: 1 });
    const builder = app.nest.get(ExportBuilder);
    await builder.sweepObjects();
    expect(await store.head(orphan)).not.toBeNull();
    await builder.sweepObjects(new Date(Date.now() + 60_000));
    expect(await store.head(orphan)).toBeNull();
    await download(download_url).expect(200);
  });

  it('knows every table that has a user', () => {
    const tables = getMetadataArgsStorage()
      .tables.filter(({ target }) => ENTITIES.some((entity) => entity === target))
      .map(({ name = '', target }) => ({
        name,
        hasUser: getMetadataArgsStorage().columns.some(
          (column) => column.target === target && /^(?:user|owner|author)_id$/.test(column.propertyName),
        ),
      }));
    expect(tables.length).toBeGreaterThan(40);
    const known = [...Object.keys(EXPORTED), ...INTERNAL];
    expect(tables.filter(({ name, hasUser }) => hasUser && !known.includes(name)).map(({ name }) => name)).toEqual([]);
    expect(known.filter((name) => !tables.some((table) => table.name === name))).toEqual([]);
  });
});

it.each([0, 1, 65_535, 65_536, 65_537, 200_000])(
  'an archive of %i bytes opens as it was sealed, whole or not at all',
  async (size) => {
    const [key, bytes] = [randomBytes(32), randomBytes(size)];
    const parts = [bytes.subarray(0, 10_000), bytes.subarray(10_000)];
    const sealed = await collect(sealStream(key, 'a', toAsync(parts)));
    expect((await collect(openStream(key, 'a', toAsync([sealed])))).equals(bytes)).toBe(true);
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    for (const [wrong, label] of [
      [changed, 'a'],
      [sealed, 'b'],
      [sealed.subarray(0, -1), 'a'],
      [Buffer.concat([sealed, Buffer.alloc(1)]), 'a'],
      ...(size > 65_536 ? [[sealed.subarray(0, 65_552), 'a'] as const] : []),
    ] as const)
      await expect(collect(openStream(key, label, toAsync([wrong])))).rejects.toThrow();
  },
);

async function* toAsync(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}

async function collect(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}
