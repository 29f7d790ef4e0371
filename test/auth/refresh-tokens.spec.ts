import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';

describe('refresh tokens', () => {
  let app: TestApp;
  /** As long as it may be, so that a machine that stands still does not end it between two requests. */
  const GRACE_SECONDS = 60;
  beforeAll(async () => void (app = await TestApp.start({ REFRESH_GRACE_SECONDS: String(GRACE_SECONDS) })));
  afterAll(() => app.stop());

  const refresh = async (token: string) => app.call('post', '/auth/refresh').send({ refresh_token: token });
  const age = (user: TestUser) =>
    app.nest
      .get(Database)
      .query(
        `UPDATE refresh_tokens SET spent_at = spent_at - make_interval(secs => $2) WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)`,
        [user.id, GRACE_SECONDS + 1],
      );

  it('are spent for a new pair', async () => {
    const user = await app.user();
    const next = await refresh(user.refreshToken);
    expect(next.status).toBe(200);
    expect(next.body.refresh_token).not.toBe(user.refreshToken);
    await app.call('get', '/auth/me', { accessToken: next.body.access_token }).expect(200);
  });

  it('get a sibling within the grace while no child is spent', async () => {
    const user = await app.user();
    const first = await refresh(user.refreshToken);
    const second = await refresh(user.refreshToken);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((await refresh(second.body.refresh_token)).status).toBe(200);
  });

  it('revoke their family when shown again after a child was spent', async () => {
    const user = await app.user();
    const child = await refresh(user.refreshToken);
    const grandchild = await refresh(child.body.refresh_token);
    const again = await refresh(user.refreshToken);
    expect([again.status, again.body.code]).toEqual([401, 'refresh_token_reused']);
    expect((await refresh(grandchild.body.refresh_token)).status).toBe(401);
    await app.call('get', '/auth/me', { accessToken: grandchild.body.access_token }).expect(401);
  });

  it('revoke their family when shown again after the grace', async () => {
    const user = await app.user();
    const child = await refresh(user.refreshToken);
    await age(user);
    expect((await refresh(user.refreshToken)).body.code).toBe('refresh_token_reused');
    expect((await refresh(child.body.refresh_token)).body.code).toBe('unauthenticated');
    expect((await refresh(user.refreshToken)).body.code).toBe('refresh_token_reused');
  });

  it('close their siblings when one is used', async () => {
    const user = await app.user();
    const lost = await refresh(user.refreshToken);
    const used = await refresh(user.refreshToken);
    await refresh(used.body.refresh_token);
    expect((await refresh(lost.body.refresh_token)).body.code).toBe('refresh_token_reused');
  });

  it('have at most five siblings, of any number who try at once', async () => {
    const user = await app.user();
    const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(user.refreshToken)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  });

  it('end with a logout, and so does the access token', async () => {
    const user = await app.user();
    await app.call('post', '/auth/logout').send({ refresh_token: user.refreshToken }).expect(204);
    expect((await refresh(user.refreshToken)).status).toBe(401);
    await app.call('get', '/auth/me', user).expect(401);
  });

  it('do not outlive thirty idle days or ninety in all', async () => {
    const [idle, old] = [await app.user(), await app.user()];
    const database = app.nest.get(Database);
    await database.query(
      `UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)`,
      [idle.id],
    );
    await database.query(`UPDATE sessions SET ends_at = now() - interval '1 second' WHERE user_id = $1`, [old.id]);
    expect((await refresh(idle.refreshToken)).body.code).toBe('unauthenticated');
    expect((await refresh(old.refreshToken)).body.code).toBe('unauthenticated');
    const rows = await database.query<{ idle: string; whole: string }>(
      `SELECT round(extract(epoch FROM t.expires_at - t.created_at) / 86400)::text AS idle, round(extract(epoch FROM s.ends_at - s.created_at) / 86400)::text AS whole
       FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id WHERE s.user_id = $1`,
      [(await app.user()).id],
    );
    expect(rows).toEqual([{ idle: '30', whole: '90' }]);
  });

  it('are never handed out again for an idempotency key', async () => {
    const user = await app.user();
    const keyed = () =>
      app.call('post', '/auth/refresh').set('Idempotency-Key', 'the same').send({ refresh_token: user.refreshToken });
    const child = await keyed();
    await refresh(child.body.refresh_token);
    expect((await keyed()).body.code).toBe('refresh_token_reused');
    expect(await app.nest.get(Database).query('SELECT 1 FROM idempotency_keys')).toEqual([]);
  });

  it('cannot be tried out without end, while real ones go on working', async () => {
    const small = await TestApp.start({ AUTH_LIMIT_PER_ADDRESS: '3' }, app);
    const user = await small.user();
    const attempt = (path: string, token: string) => small.call('post', path).send({ refresh_token: token });
    const statuses = [];
    for (const path of ['/auth/refresh', '/auth/logout', '/auth/refresh', '/auth/refresh', '/auth/logout'])
      statuses.push((await attempt(path, 'nonsense')).status);
    expect(statuses).toEqual([401, 204, 401, 429, 429]);
    const { body } = await attempt('/auth/refresh', user.refreshToken).expect(200);
    await attempt('/auth/logout', body.refresh_token).expect(204);
    await small.stop();
  });

  it('are refused when they are something else', async () => {
    const user = await app.user();
    for (const token of ['x', user.accessToken, 'A'.repeat(43)])
      expect((await refresh(token)).body.code).toBe('unauthenticated');
  });
});
