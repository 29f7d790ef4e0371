import { verifyAudit } from '../../apps/cli/src/audit.command';
import { Audit, AuditJobs, AuditVerifier } from '@adiuva/audit';
import { Environment } from '@adiuva/config';
import { AuditLinker } from '../../libs/audit/src/audit-linker.service';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { Program } from '../support/processes/server-process';
import { AGENT_SECRET } from '../gateway/signed-call';

interface Event {
  readonly id: string;
  readonly action: string;
  readonly by: string;
  readonly details: Record<string, unknown>;
}

describe('the audit log', () => {
  let app: TestApp;
  let admin: TestUser;
  let database: Database;
  /** Before anybody did anything. */
  let started: number;
  beforeAll(async () => {
    started = Date.now();
    app = await TestApp.start({ AGENT_JWT_SECRET: AGENT_SECRET });
    admin = await app.admin();
    database = app.nest.get(Database);
  });
  afterAll(() => app.stop());

  const own = async (user: TestUser): Promise<Event[]> =>
    (await app.call('get', '/audit?limit=100', user).expect(200)).body.events;
  const actions = async (user: TestUser) => (await own(user)).map(({ action }) => action).reverse();
  const link = () => app.nest.get(AuditJobs).handlers[0]?.run({}, new AbortController().signal);
  const settings = () => ({ DATA_DIR: app.dataDir, DATABASE_URL: app.database.url });
  const verify = async () => (await app.call('get', '/admin/audit/verification', admin).expect(200)).body;

  it('has what an account does, for its user alone', async () => {
    const user = await app.user();
    const [started] = await own(user);
    expect(started).toMatchObject({
      action: 'session.started',
      by: 'self',
      details: { session_id: expect.any(String) },
    });
    await app.call('post', '/auth/login').send({ email: user.email, password: user.password }).expect(200);
    const public_key = Buffer.alloc(32, user.id).toString('base64');
    const { body: device } = await app.call('post', '/devices', user).send({ name: 'Laptop', public_key }).expect(200);
    await app.call('delete', `/devices/${device.id}`, user).expect(200);
    await app.call('put', '/auth/keyring', user).set('If-None-Match', '*').send({ keyring: 'AAAA' }).expect(200);
    const change = { current_password: user.password, new_password: 'a longer walk by the sea' };
    await app.call('post', '/auth/password', user).send(change).expect(204);
    await app.setTier(user.id, 'pro');
    expect(await actions(user)).toEqual([
      'session.started',
      'session.started',
      'device.added',
      'device.deleted',
      'keyring.changed',
      'password.changed',
      'session.ended',
      'tier.changed',
    ]);
    expect(await actions(await app.user())).toEqual(['session.started']);
    const [tier] = await own(user);
    expect(tier).toMatchObject({ by: 'server', details: { tier: 'pro', seats: 1, cause: 'by hand' } });
  });

  it('has what did not happen nowhere: a refused change leaves no event', async () => {
    const user = await app.user();
    await app.call('post', '/auth/login').send({ email: user.email, password: 'not the one' }).expect(401);
    await app
      .call('post', '/auth/password', user)
      .send({ current_password: 'not the one', new_password: 'a longer walk by the sea' })
      .expect(401);
    expect(await actions(user)).toEqual(['session.started']);
  });

  it('has failed sign-ins, agent tokens and own providers, and the sessions that end', async () => {
    await app.startJobs();
    const user = await app.user('power');
    await app.call('post', '/auth/login').send({ email: user.email, password: 'not the one' }).expect(401);
    await app
      .call('post', '/auth/login')
      .send({ email: `no-${user.email}`, password: 'not the one' })
      .expect(401);
    await eventually(async () => (await actions(user)).includes('sign_in.failed'));
    const [failed] = await own(user);
    expect(failed).toMatchObject({ by: 'server', details: { method: 'password' } });
    const { body: token } = await app.call('post', '/auth/agent-token', user).send({ scopes: ['tools:remember'] });
    await app.call('put', '/providers/openai', user).send({ api_key: 'sk-of-the-user-0123456789' }).expect(200);
    await app.call('delete', '/providers/openai', user).expect(204);
    await app.call('delete', '/providers/openai', user).expect(404);
    const { body: sessions } = await app.call('get', '/auth/sessions', user).expect(200);
    const events = await own(user);
    expect(events.map(({ action }) => action)).toEqual([
      'provider.deleted',
      'provider.set',
      'agent_token.issued',
      'sign_in.failed',
      'tier.changed',
      'session.started',
    ]);
    expect(events[0]?.details).toEqual({ provider: 'openai' });
    const [, claims = ''] = String(token.token).split('.');
    const { jti } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(events[2]?.details).toMatchObject({ token_id: jti, session_id: sessions[0].id, scopes: 1 });
    const open = `SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'record_failed_sign_in'`;
    await eventually(async () => (await database.query(open)).length === 0);
    const ofNone = `SELECT 1 FROM audit_events WHERE action = 'sign_in.failed' AND user_id IS NULL`;
    expect(await database.query(ofNone)).toEqual([]);
  });

  it('is read by pages that begin after an event, whatever is added meanwhile', async () => {
    const user = await app.user();
    for (const tier of ['pro', 'power', 'team', 'pro'] as const) await app.setTier(user.id, tier);
    const all = (await own(user)).map(({ id }) => id);
    const page = async (query: string) => (await app.call('get', `/audit?limit=2${query}`, user).expect(200)).body;
    const first = await page('');
    await app.setTier(user.id, 'power');
    const second = await page(`&after=${first.next}`);
    const third = await page(`&after=${second.next}`);
    const pages = [first, second, third].flatMap(({ events }) => events.map(({ id }: Event) => id));
    expect([pages, third.next]).toEqual([all, null]);
    await app.call('get', '/audit?after=x', user).expect(400);
    const foreign = await app.call('get', `/audit?after=${first.next}`, await app.user()).expect(200);
    expect(foreign.body).toEqual({ events: [], next: null });
  });

  it('is searched by administrators, by who did it, what and when', async () => {
    const user = await app.user();
    const before = Date.now();
    await app.call('patch', `/admin/users/${user.id}`, admin).send({ tier: 'power' }).expect(200);
    const search = async (query: string) => (await app.call('get', `/admin/audit?${query}`, admin).expect(200)).body;
    const found = await search(`actor=${admin.id}&action=tier.changed&from=${before - 1}`);
    expect([found.events.length, found.next]).toEqual([1, null]);
    expect(found.events[0]).toMatchObject({ action: 'tier.changed', user_id: user.id, actor_id: admin.id });
    expect((await search(`actor=${admin.id}&to=${started}`)).events).toEqual([]);
    await app.call('get', '/admin/audit?action=no.such', admin).expect(400);
    await app.call('get', '/admin/audit', user).expect(403);
    expect((await own(user))[0]?.by).toBe('other');
  });

  it('is whole, and names the row that was forged, removed or moved', async () => {
    const user = await app.user();
    await app.setTier(user.id, 'pro');
    await app.setTier(user.id, 'power');
    await link();
    const whole = await verify();
    expect(whole).toEqual({ events: expect.any(Number), link: expect.stringMatching(/^[0-9a-f]{64}$/), fault: null });
    const rows = await database.query<{ id: string; position: string }>(
      'SELECT id, position FROM audit_events WHERE user_id = $1 ORDER BY position',
      [user.id],
    );
    const [first, second, third] = rows.map((row) => ({ id: row.id, position: Number(row.position) }));
    if (!first || !second || !third) throw new Error('there are three events');
    const tampered = async (sql: string, values: unknown[]) => {
      await database.query('CREATE TABLE audit_copy AS TABLE audit_events');
      await database.query(sql, values);
      const { fault } = await verify();
      await database.query('TRUNCATE audit_events');
      await database.query('INSERT INTO audit_events SELECT * FROM audit_copy');
      await database.query('DROP TABLE audit_copy');
      return fault;
    };
    const forged = { position: second.position, id: second.id, reason: 'forged' };
    for (const change of [
      `details = '{"tier": "team"}'`,
      `action = 'session.ended'`,
      `at = at + interval '1 second'`,
      'actor_id = user_id',
      'user_id = NULL, actor_id = NULL, details = NULL',
      `user_id = NULL, actor_id = NULL, details = NULL, redaction = '\\x00'`,
      `content = '\\x00'`,
    ])
      expect([change, await tampered(`UPDATE audit_events SET ${change} WHERE id = $1`, [second.id])]).toEqual([
        change,
        forged,
      ]);
    const gone = { position: second.position, id: null, reason: 'missing' };
    expect(await tampered('DELETE FROM audit_events WHERE id = $1', [second.id])).toEqual(gone);
    const last = whole.events;
    expect(await tampered('DELETE FROM audit_events WHERE position = $1', [last])).toEqual({ ...gone, position: last });
    const swap = `UPDATE audit_events SET position = CASE WHEN id = $1 THEN -1 ELSE position END WHERE id = $1;
      UPDATE audit_events SET position = ${second.position} WHERE id = '${third.id}';
      UPDATE audit_events SET position = ${third.position} WHERE position = -1`.replaceAll('$1', `'${second.id}'`);
    expect(await tampered(swap, [])).toEqual({ position: second.position, id: third.id, reason: 'moved' });
    const renumbered = `DELETE FROM audit_events WHERE position = ${second.position};
      UPDATE audit_events SET position = -position WHERE position > ${second.position};
      UPDATE audit_events SET position = -position - 1 WHERE position < 0`;
    expect(await tampered(renumbered, [])).toMatchObject({ position: second.position, reason: 'moved' });
    expect(await verify()).toMatchObject({ fault: null });
  });

  it('names the forged, the deleted and the moved row on the command line, which then fails', async () => {
    const user = await app.user();
    await app.setTier(user.id, 'pro');
    await link();
    const command = () => Program.start('apps/cli/src/main.ts', ['admin', 'audit', 'verify'], settings()).ended;
    const rows = await database.query<{ id: string; position: string }>(
      'SELECT id, position FROM audit_events WHERE user_id = $1 ORDER BY position',
      [user.id],
    );
    const [first, second] = rows;
    if (!first || !second) throw new Error('there are two events');
    const restore = async () => {
      await database.query('TRUNCATE audit_events');
      await database.query('INSERT INTO audit_events SELECT * FROM audit_kept');
    };
    await database.query('CREATE TABLE audit_kept AS TABLE audit_events');
    await database.query(`UPDATE audit_events SET details = '{"tier": "team"}' WHERE id = $1`, [second.id]);
    const forged = await command();
    expect(forged).toEqual({
      code: 1,
      output: expect.stringContaining(`broken at position ${second.position}: forged, event ${second.id}`),
    });
    await restore();
    const verify = () => verifyAudit(new Environment(settings()));
    await database.query('DELETE FROM audit_events WHERE id = $1', [second.id]);
    await expect(verify()).rejects.toMatchObject({
      message: expect.stringContaining(`broken at position ${second.position}: missing.`),
    });
    await restore();
    await database.query('UPDATE audit_events SET position = -1 WHERE id = $1', [first.id]);
    await database.query('UPDATE audit_events SET position = $2 WHERE id = $1', [second.id, first.position]);
    await database.query('UPDATE audit_events SET position = $2 WHERE id = $1', [first.id, second.position]);
    await expect(verify()).rejects.toMatchObject({
      message: expect.stringContaining(`broken at position ${first.position}: moved, event ${second.id}.`),
    });
    await restore();
    await database.query('DROP TABLE audit_kept');
    expect(await verify()).toContain('The audit log is whole');
  });

  it('notices a forged head and a forged event that is not linked yet', async () => {
    await database.query(`UPDATE audit_head SET position = position - 1`);
    expect((await verify()).fault).toEqual({ position: null, id: null, reason: 'head' });
    await database.query(`UPDATE audit_head SET position = position + 1`);
    const id = '01a1fd2f-4307-769f-beae-5774deda5411';
    await database.transaction(async (tx) => {
      // The job of every minute links nothing meanwhile.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('audit_link'))`);
      await database.query(
        `INSERT INTO audit_events (id, action, at, account, content) VALUES ($1, 'tier.changed', now(), '\\x00', '\\x00')`,
        [id],
      );
      expect((await verify()).fault).toMatchObject({ id, reason: 'forged' });
      await database.query('DELETE FROM audit_events WHERE id = $1', [id]);
    });
    expect((await verify()).fault).toBeNull();
  });

  it('is not continued from a head that the server has not written, so an end that was cut off stays named', async () => {
    const user = await app.user();
    await app.setTier(user.id, 'pro');
    await link();
    const { events: last } = await verify();
    await database.query('CREATE TABLE audit_kept AS TABLE audit_events');
    await database.query('CREATE TABLE head_kept AS TABLE audit_head');
    await database.query('DELETE FROM audit_events WHERE position = $1', [last]);
    await database.query(
      'UPDATE audit_head h SET position = e.position, link = e.link FROM audit_events e WHERE e.position = $1',
      [last - 1],
    );
    const later = await app.user();
    await expect(link()).rejects.toThrow('the head of the audit log');
    expect((await verify()).fault).toEqual({ position: null, id: null, reason: 'head' });
    expect(await actions(later)).toEqual(['session.started']);
    await database.query('DELETE FROM audit_events WHERE position IS NOT NULL');
    await database.query('INSERT INTO audit_events SELECT * FROM audit_kept WHERE position IS NOT NULL');
    await database.query('UPDATE audit_head h SET position = k.position, link = k.link FROM head_kept k');
    await database.query('DROP TABLE audit_kept, head_kept');
    await link();
    expect(await verify()).toMatchObject({ fault: null });
  });

  it('stays whole when events come from several nodes together', async () => {
    const node = await TestApp.start({}, app);
    const users = await Promise.all(Array.from({ length: 6 }, (_, at) => (at % 2 ? app : node).user()));
    await Promise.all([link(), app.nest.get(AuditVerifier).verify(), node.nest.get(AuditVerifier).verify()]);
    expect((await verify()).fault).toBeNull();
    expect(await actions(users[0] ?? admin)).toEqual(['session.started']);
    await node.stop();
  });

  it('keeps the chain, but nothing of the user, when the account is erased', async () => {
    await app.startJobs();
    const user = await app.user();
    await link();
    await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await eventually(async () => (await database.query('SELECT FROM users WHERE id = $1', [user.id])).length === 0);
    const left = await database.query(`SELECT FROM audit_events e WHERE e::text LIKE $1`, [`%${user.id}%`]);
    expect([left.length, (await verify()).fault]).toEqual([0, null]);
    const redacted = await database.query<{ id: string }>('SELECT id FROM audit_events WHERE redaction IS NOT NULL');
    expect(redacted.length).toBeGreaterThanOrEqual(3);
    const id = redacted[0]?.id;
    for (const [change, undo] of [
      [`action = 'x.' || action`, `action = substr(action, 3)`],
      [`at = at + interval '1 second'`, `at = at - interval '1 second'`],
    ]) {
      await database.query(`UPDATE audit_events SET ${change} WHERE id = $1`, [id]);
      expect([change, (await verify()).fault]).toEqual([change, expect.objectContaining({ id, reason: 'forged' })]);
      await database.query(`UPDATE audit_events SET ${undo} WHERE id = $1`, [id]);
    }
    expect((await verify()).fault).toBeNull();
  });

  it('is linked once what it records is committed, and not for what is rolled back', async () => {
    const user = await app.user();
    const linkSoon = jest.spyOn(app.nest.get(AuditLinker), 'linkSoon');
    const [audit, undone] = [app.nest.get(Audit), new Error('undo')];
    const record = (fails: boolean) =>
      database.transaction(async (tx) => {
        await audit.recordOwn(tx, user.id, 'device.added');
        expect(linkSoon).not.toHaveBeenCalled();
        if (fails) throw undone;
      });
    await expect(record(true)).rejects.toBe(undone);
    expect(linkSoon).not.toHaveBeenCalled();
    await record(false);
    expect(linkSoon).toHaveBeenCalledTimes(1);
    linkSoon.mockRestore();
    expect(await actions(user)).toEqual(['session.started', 'device.added']);
  });

  it('is linked within a few seconds without anyone asking', async () => {
    const user = await app.user();
    const linked = 'SELECT FROM audit_events WHERE user_id = $1 AND position IS NOT NULL';
    await eventually(async () => (await database.query(linked, [user.id])).length === 1);
  });
});
