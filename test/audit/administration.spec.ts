import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';

const DEVELOPER = 'developer@example.org';

describe('administration', () => {
  let app: TestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await TestApp.start({
      DEV_ADMIN_ENABLED: 'true',
      DEV_ADMIN_EMAIL: DEVELOPER,
      DEV_ADMIN_EXPIRES_AT: '2100-01-01T00:00:00Z',
    });
    admin = await app.admin();
  });
  afterAll(() => app.stop());

  const register = async (email: string) => {
    const { body } = await app.call('post', '/auth/register').send({ email, password: 'a long walk by the sea' });
    return { accessToken: String(body.access_token) };
  };

  it('finds accounts by id, by address and by tier, and shows no content', async () => {
    const user = await app.user('power');
    const find = async (query: string) => (await app.call('get', `/admin/users?${query}`, admin).expect(200)).body;
    const shown = {
      id: user.id,
      email: user.email,
      tier: 'power',
      seats: 1,
      role: 'user',
      disabled: false,
      email_verified: false,
      created_at: expect.any(Number),
      last_used_at: expect.any(Number),
    };
    for (const q of [user.id, user.email.toUpperCase()])
      expect(await find(`q=${q}`)).toEqual({ users: [shown], total: 1, page: 1 });
    expect((await find('tier=power')).users).toEqual([shown]);
    expect(await find('q=unknown@example.org')).toEqual({ users: [], total: 0, page: 1 });
    expect((await find('limit=1&page=2')).users).toHaveLength(1);
    expect((await app.call('get', `/admin/users/${user.id}`, admin).expect(200)).body).toEqual(shown);
    await app.call('get', '/admin/users/01a1fd2f-4307-769f-beae-5774deda5411', admin).expect(404);
  });

  it('changes a tier within a request', async () => {
    const user = await app.user();
    const { body } = await app.call('patch', `/admin/users/${user.id}`, admin).send({ tier: 'pro' }).expect(200);
    expect(body.tier).toBe('pro');
    expect((await app.call('get', '/auth/me', user)).body.tier).toBe('pro');
    await app.call('patch', `/admin/users/${user.id}`, admin).send({ tier: 'gold' }).expect(400);
    const absent = await app.call('patch', `/admin/users/${user.id}`, admin).send({ tier: null, disabled: null });
    expect([absent.status, absent.body.tier, absent.body.disabled]).toEqual([200, 'pro', false]);
  });

  it('disables an account: sessions end, no sign-in, data stays; enabling it again undoes that', async () => {
    const user = await app.user();
    const path = `/admin/users/${user.id}`;
    expect((await app.call('patch', path, admin).send({ disabled: true }).expect(200)).body.disabled).toBe(true);
    await app.call('post', '/auth/refresh').send({ refresh_token: user.refreshToken }).expect(401);
    const login = () => app.call('post', '/auth/login').send({ email: user.email, password: user.password });
    const refused = await login();
    expect([refused.status, refused.body.code]).toEqual([403, 'account_disabled']);
    const wrong = await app.call('post', '/auth/login').send({ email: user.email, password: 'not the one' });
    expect(wrong.body.code).toBe('invalid_credentials');
    await app.call('patch', path, admin).send({ disabled: true }).expect(200);
    await app.call('patch', path, admin).send({ disabled: false }).expect(200);
    await login().expect(200);
    const { body } = await app.call('get', `/admin/audit?actor=${admin.id}&limit=2`, admin).expect(200);
    expect(body.events.map(({ action }: { action: string }) => action)).toEqual([
      'account.enabled',
      'account.disabled',
    ]);
    await app.call('patch', `/admin/users/${admin.id}`, admin).send({ disabled: true }).expect(409);
  });

  it('shows counts and dead jobs, and starts a dead job again', async () => {
    const database = app.nest.get(Database);
    const [job] = await database.query<{ id: string }>(
      `SELECT id::text FROM graphile_worker.add_job('broken', '{"secret": "x"}', max_attempts := 1)`,
    );
    const id = job?.id ?? '';
    await app.call('post', `/admin/jobs/${id}/retry`, admin).expect(404);
    await database.query(
      `UPDATE graphile_worker._private_jobs SET attempts = 1, last_error = 'TypeError' WHERE id = $1`,
      [id],
    );
    const overview = async () => (await app.call('get', '/admin/overview', admin).expect(200)).body;
    const before = await overview();
    expect(before.dead_jobs).toEqual([
      { id, name: 'broken', attempts: 1, error: 'TypeError', failed_at: expect.any(Number) },
    ]);
    expect(before.queue).toMatchObject({ dead: 1 });
    expect(before.users.total).toBeGreaterThan(1);
    expect(Object.values<number>(before.users.by_tier).reduce((sum, count) => sum + count)).toBe(before.users.total);
    await app.call('post', `/admin/jobs/${id}/retry`, admin).expect(200);
    const after = await overview();
    expect([after.dead_jobs, after.queue.due]).toEqual([[], before.queue.due + 1]);
    for (const wrong of [id, '0', 'x', '99999999999999999999'])
      await app.call('post', `/admin/jobs/${wrong}/retry`, admin).expect(404);
  });

  it('is refused to users, and to administrators who may only read', async () => {
    const user = await app.user();
    for (const path of ['/admin/users', '/admin/overview', '/admin/audit', '/admin/audit/verification'])
      await app.call('get', path, user).expect(403);
    await app.call('patch', `/admin/users/${user.id}`, user).send({ tier: 'team' }).expect(403);
    const readOnly = await TestApp.start({ ADMIN_MUTATIONS_ENABLED: 'false' }, app);
    await readOnly.call('get', '/admin/overview', admin).expect(200);
    await readOnly.call('patch', `/admin/users/${user.id}`, admin).send({ tier: 'team' }).expect(403);
    await readOnly.call('post', '/admin/jobs/1/retry', admin).expect(403);
    await readOnly.stop();
  });

  it('is open to the development administrator until the given time; each use is an event of the audit log', async () => {
    const developer = await register(DEVELOPER);
    await app.call('get', '/admin/overview', developer).expect(200);
    const { body } = await app.call('get', '/audit', developer).expect(200);
    expect(body.events[0]).toMatchObject({
      action: 'admin.development_use',
      by: 'self',
      details: { operation: 'getOverview' },
    });
    expect((await app.call('get', '/auth/me', developer)).body.role).toBe('user');
    const later = await TestApp.start(
      { DEV_ADMIN_ENABLED: 'true', DEV_ADMIN_EMAIL: DEVELOPER, DEV_ADMIN_EXPIRES_AT: '2020-01-01T00:00:00Z' },
      app,
    );
    await later.call('get', '/admin/overview', developer).expect(403);
    await later.stop();
    const half = { DEV_ADMIN_ENABLED: 'true', DEV_ADMIN_EMAIL: DEVELOPER };
    await expect(TestApp.start(half, app)).rejects.toThrow('DEV_ADMIN_EXPIRES_AT');
    await expect(TestApp.start({ ...half, ENV: 'prod', DEV_ADMIN_EXPIRES_AT: '2100-01-01' }, app)).rejects.toThrow(
      'DEV_ADMIN_ENABLED: must not be set in production',
    );
  });
});
