import { newId } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';

const TOKEN = /#token=([A-Za-z0-9_-]{43})/;

let app: TestApp;
let beside: TestApp;
let admin: TestUser;
beforeAll(async () => {
  app = await TestApp.start();
  beside = await TestApp.start({}, app);
  admin = await app.admin();
});
afterAll(async () => {
  await beside.stop();
  await app.stop();
});

interface OwnedTeam {
  readonly owner: TestUser;
  readonly id: string;
}

async function team(seats: number): Promise<OwnedTeam> {
  const owner = await app.user('team', seats);
  const { body } = await app.call('post', '/teams', owner).send({ name: 'Blue' }).expect(201);
  return { owner, id: body.id };
}

const invite = (by: TestUser, id: string, fields: object = {}) =>
  app
    .call('post', `/teams/${id}/invites`, by)
    .send({ email: `guest-${Math.random()}@example.org`, role: 'member', ...fields });

/** The tokens in the newest mails, newest first. */
async function tokens(count: number): Promise<string[]> {
  const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
  return body.mails.slice(0, count).map(({ text }: { text: string }) => TOKEN.exec(text)?.[1] ?? '');
}

async function token(by: TestUser, id: string, fields: object = {}): Promise<string> {
  await invite(by, id, fields).expect(201);
  return (await tokens(1))[0] ?? '';
}

const accept = (user: TestUser, secret: string, node = app) => node.call('post', `/invites/${secret}/accept`, user);
const tierOf = async (user: TestUser, node = app) => (await node.call('get', '/auth/me', user).expect(200)).body.tier;

async function member({ owner, id }: OwnedTeam, role = 'member'): Promise<TestUser> {
  const user = await app.user();
  await accept(user, await token(owner, id, { role })).expect(200);
  return user;
}

describe('a team', () => {
  test('is made once, by who has a team subscription of their own', async () => {
    const { owner, id } = await team(2);
    await app.call('post', '/teams', owner).send({ name: 'Red' }).expect(409);
    const { body } = await app
      .call('post', '/teams', await app.user('power'))
      .send({ name: 'x' })
      .expect(402);
    expect(body.required_tier).toBe('team');
    const guest = await member({ owner, id });
    await app.call('post', '/teams', guest).send({ name: 'x' }).expect(402);
    expect((await app.call('get', '/teams/mine', owner).expect(200)).body).toMatchObject({
      id,
      name: 'Blue',
      owner_id: owner.id,
      role: 'owner',
      seats: 2,
      members: 1,
    });
    await app.call('patch', `/teams/${id}`, owner).send({ name: 'Green' }).expect(200);
    expect((await app.call('get', '/teams/mine', guest).expect(200)).body).toMatchObject({
      name: 'Green',
      role: 'member',
    });
  });

  test('gives as many seats as are paid for, however many accept at the same time on two nodes', async () => {
    const { owner, id } = await team(3);
    for (let count = 0; count < 50; count += 1) await invite(owner, id).expect(201);
    const [secrets, users] = [await tokens(50), await Promise.all(Array.from({ length: 50 }, () => app.user()))];
    const answers = await Promise.all(
      users.map((user, index) => accept(user, secrets[index] ?? '', index % 2 === 0 ? app : beside)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = answers.filter(({ status }) => status === 409);
    expect([refused.length, new Set(refused.map(({ body }) => body.code))]).toEqual([47, new Set(['no_seat'])]);
    const { body } = await app.call('get', `/teams/${id}/members`, owner).expect(200);
    expect(body).toHaveLength(3);
    // A refusal does not use up the invite.
    const at = answers.findIndex(({ status }) => status === 409);
    await app.call('delete', `/teams/${id}/members/${body[0].user_id}`, owner).expect(204);
    const late = users[at];
    if (late) await accept(late, secrets[at] ?? '').expect(200);
  });

  test('is entered with a token once', async () => {
    const { owner, id } = await team(5);
    const secret = await token(owner, id);
    const users = await Promise.all(Array.from({ length: 6 }, () => app.user()));
    const answers = await Promise.all(users.map((user) => accept(user, secret)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404, 404]);
  });

  test('gives its members the tier, and takes it within five seconds on every node when they are removed', async () => {
    const made = await team(2);
    const guest = await member(made);
    await eventually(async () => (await tierOf(guest)) === 'team' && (await tierOf(guest, beside)) === 'team');
    await app.call('delete', `/teams/${made.id}/members/${guest.id}`, made.owner).expect(204);
    await eventually(async () => (await tierOf(guest)) === 'free' && (await tierOf(guest, beside)) === 'free');
    await app.call('get', '/teams/mine', guest).expect(404);
  });

  test('with fewer paid seats keeps the tier of its first members, and without a subscription of none', async () => {
    const made = await team(2);
    const [first, second] = [await member(made), await member(made)];
    const active = async () =>
      (await app.call('get', `/teams/${made.id}/members`, made.owner).expect(200)).body.map(
        ({ active: paid }: { active: boolean }) => paid,
      );
    expect(await active()).toEqual([true, true]);
    await app.setTier(made.owner.id, 'team', 1);
    await eventually(async () => (await tierOf(second)) === 'free');
    expect([await tierOf(first), await active()]).toEqual(['team', [true, false]]);
    await app.setTier(made.owner.id, 'free');
    await eventually(async () => (await tierOf(first)) === 'free');
    await invite(made.owner, made.id).expect(402);
    await app.setTier(made.owner.id, 'team', 2);
    await eventually(async () => (await tierOf(first)) === 'team' && (await tierOf(second)) === 'team');
  });

  test('leaves a member the tier that they pay for themselves', async () => {
    const made = await team(1);
    const guest = await app.user('power');
    await accept(guest, await token(made.owner, made.id)).expect(200);
    await eventually(async () => (await tierOf(guest)) === 'team');
    await app.call('delete', `/teams/${made.id}/members/${guest.id}`, guest).expect(204);
    await eventually(async () => (await tierOf(guest)) === 'power');
  });

  test('is managed by its owner and administrators, left by members, and unknown to others', async () => {
    const made = await team(4);
    const [chief, guest, other] = [await member(made, 'admin'), await member(made), await app.user('team', 3)];
    const path = `/teams/${made.id}`;
    const role = (by: TestUser, of: TestUser) =>
      app.call('patch', `${path}/members/${of.id}`, by).send({ role: 'admin' });
    await role(guest, guest).expect(403);
    await invite(guest, made.id).expect(403);
    await app.call('get', `${path}/invites`, guest).expect(403);
    await app.call('delete', `${path}/members/${chief.id}`, guest).expect(403);
    await app.call('delete', path, chief).expect(403);
    await invite(chief, made.id).expect(201);
    expect((await role(chief, guest).expect(200)).body).toMatchObject({
      user_id: guest.id,
      role: 'admin',
      active: true,
    });
    const foreign = [
      await app.call('get', `${path}/members`, other),
      await app.call('get', `${path}/members/${guest.id}`, other),
      await app.call('patch', path, other).send({ name: 'x' }),
      await app.call('delete', path, other),
      await app.call('get', `${path}/invites`, other),
      await invite(other, made.id),
      await role(other, guest),
    ];
    expect(foreign.map(({ status, body }) => [status, body.code, body.detail])).toEqual(
      foreign.map(() => [404, 'not_found', 'There is nothing here']),
    );
    await app.call('delete', `${path}/members/${guest.id}`, guest).expect(204);
    await app.call('delete', path, made.owner).expect(204);
    await eventually(async () => (await tierOf(chief)) === 'free');
  });

  test('has one open invite to an address, however many identical requests invite it concurrently', async () => {
    const { owner, id } = await team(3);
    const email = 'Twice@example.org';
    const answers = await Promise.all(Array.from({ length: 20 }, () => invite(owner, id, { email })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    // The others: the address has an invite, or has had its mails of the hour.
    expect(statuses.filter((status) => ![201, 409, 429].includes(status))).toEqual([]);
    const { body: invites } = await app.call('get', `/teams/${id}/invites`, owner).expect(200);
    expect(invites).toHaveLength(1);
  });

  test('is the same to a stranger and to a member whether or not what they name exists', async () => {
    const made = await team(3);
    const [guest, other, stranger] = [await member(made), await member(made), await app.user('team', 2)];
    await invite(made.owner, made.id).expect(201);
    const { body: invites } = await app.call('get', `/teams/${made.id}/invites`, made.owner).expect(200);
    const routes = (id: string, userId: string, inviteId: string) =>
      [
        ['patch', `/teams/${id}`, { name: 'x' }],
        ['delete', `/teams/${id}`, {}],
        ['get', `/teams/${id}/members`, undefined],
        ['get', `/teams/${id}/members/${userId}`, undefined],
        ['patch', `/teams/${id}/members/${userId}`, { role: 'admin' }],
        ['delete', `/teams/${id}/members/${userId}`, {}],
        ['get', `/teams/${id}/invites`, undefined],
        ['post', `/teams/${id}/invites`, { email: 'x@example.org', role: 'member' }],
        ['delete', `/teams/${id}/invites/${inviteId}`, {}],
        ['get', `/teams/${id}/sso`, undefined],
        [
          'put',
          `/teams/${id}/sso`,
          { issuer: 'https://x.example', client_id: 'x', domains: ['x.example'], enforce: true },
        ],
        ['delete', `/teams/${id}/sso`, {}],
      ] as const;
    const answers = async (by: TestUser, ids: readonly [string, string, string]) => {
      const seen: (readonly unknown[])[] = [];
      for (const [method, path, body] of routes(...ids)) {
        const { status, body: answer } = await app.call(method, path, by).send(body);
        seen.push([method, status, answer.code, answer.title, answer.detail]);
      }
      return seen;
    };
    const theirs = [made.id, other.id, invites[0].id] as const;
    const none = await answers(stranger, [newId(), newId(), newId()]);
    expect(await answers(stranger, theirs)).toEqual(none);
    expect([...new Set(none.map(([, status]) => status))]).toEqual([404]);
    const refused = (seen: readonly (readonly unknown[])[]) => seen.filter(([, status]) => status === 403);
    const [existing, unknown] = [await answers(guest, theirs), await answers(guest, [made.id, newId(), newId()])];
    expect(refused(existing).length).toBeGreaterThanOrEqual(9);
    expect(refused(unknown)).toEqual(refused(existing));
    const shown = await app.call('get', `/teams/${made.id}/members/${other.id}`, guest).expect(200);
    expect(shown.body).toMatchObject({ user_id: other.id, email: other.email, role: 'member', active: true });
  });

  test('refuses an invite that was withdrawn, has expired, or is for a user in a team', async () => {
    const made = await team(3);
    const [withdrawn, expired, second] = [
      await token(made.owner, made.id),
      await token(made.owner, made.id),
      await token(made.owner, made.id),
    ];
    const { body: invites } = await app.call('get', `/teams/${made.id}/invites`, made.owner).expect(200);
    await app.call('delete', `/teams/${made.id}/invites/${invites[0].id}`, made.owner).expect(204);
    const database = app.nest.get(Database);
    await database.query('UPDATE team_invites SET expires_at = now() WHERE id = $1', [invites[1].id]);
    await accept(await app.user(), withdrawn).expect(404);
    await accept(await app.user(), expired).expect(404);
    await accept(await app.user(), 'x'.repeat(43)).expect(404);
    await accept(made.owner, second).expect(409);
    const elsewhere = await member(await team(1));
    await accept(elsewhere, second).expect(409);
    await accept(await app.user(), second).expect(200);
  });

  test.each<[string, (made: OwnedTeam, of: TestUser) => Promise<unknown>]>([
    ['is removed', ({ id, owner }, of) => app.call('delete', `/teams/${id}/members/${of.id}`, owner).expect(204)],
    ['leaves', ({ id }, of) => app.call('delete', `/teams/${id}/members/${of.id}`, of).expect(204)],
    [
      'loses the role',
      ({ id, owner }, of) =>
        app.call('patch', `/teams/${id}/members/${of.id}`, owner).send({ role: 'member' }).expect(200),
    ],
  ])('is entered by no invite of an administrator who %s', async (_, change) => {
    const made = await team(5);
    const chief = await member(made, 'admin');
    const [theirs, others] = [await token(chief, made.id, { role: 'admin' }), await token(made.owner, made.id)];
    await change(made, chief);
    await accept(await app.user(), theirs).expect(404);
    await accept(await app.user(), others).expect(200);
  });

  test('is not entered again by a member who was removed and had a second invite', async () => {
    const made = await team(5);
    const guest = await app.user();
    await accept(guest, await token(made.owner, made.id, { email: guest.email })).expect(200);
    const second = await token(made.owner, made.id, { email: guest.email.toUpperCase() });
    await app.call('delete', `/teams/${made.id}/members/${guest.id}`, made.owner).expect(204);
    await accept(guest, second).expect(404);
    await accept(guest, await token(made.owner, made.id, { email: guest.email })).expect(200);
  });

  test('is erased with its owner, and a member with their account', async () => {
    await app.startJobs();
    const made = await team(2);
    const [stays, leaves] = [await member(made), await member(made)];
    const erase = (user: TestUser) =>
      app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await erase(leaves);
    const members = async () => (await app.call('get', `/teams/${made.id}/members`, stays)).body.length;
    await eventually(async () => (await members()) === 1);
    await erase(made.owner);
    await eventually(async () => (await app.call('get', '/teams/mine', stays)).status === 404);
    await eventually(async () => (await tierOf(stays)) === 'free');
  });

  test('has a name on one line, which is no link in a mail and hides nothing', async () => {
    const { owner, id } = await team(2);
    const rename = (name: string) => app.call('patch', `/teams/${id}`, owner).send({ name });
    for (const name of [' ', 'a\r\nBcc: b@example.org', 'a\u2028b', '\u202egnp.exe', '\u2066x', ''])
      expect([name, (await rename(name)).body.errors?.[0].field]).toEqual([name, 'name']);
    for (const name of ['Team 🧑‍💻 Süd', 'تیم می‌خواهم']) await rename(name).expect(200);
    await rename('see https://evil.example/win or a@evil.example').expect(200);
    await invite(owner, id).expect(201);
    const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
    const { text, html } = body.mails[0];
    for (const content of [text, html]) {
      expect(content).toContain('evil');
      expect(content).not.toMatch(/https?:\/\/evil|evil\.example|a@evil/);
    }
  });

  test.each([
    [{ role: 'owner' }, 'role'],
    [{ role: undefined }, 'role'],
    [{ email: 'no-address' }, 'email'],
    [{ email: undefined }, 'email'],
    [{ email: 'a@exa\u200bmple.org' }, 'email'],
    [{ team_id: newId() }, 'team_id'],
  ])('has no invite with %j', async (fields, field) => {
    const { owner, id } = await team(1);
    expect((await invite(owner, id, fields).expect(400)).body.errors[0].field).toBe(field);
  });

  test('is the only one of its owner, who joins no other, and of its members, who create none', async () => {
    const [one, other] = [await team(2), await team(2)];
    const refused = await accept(one.owner, await token(other.owner, other.id)).expect(409);
    expect(refused.body.code).toBe('conflict');
    const guest = await member(one);
    await app.setTier(guest.id, 'team', 2);
    await app.call('post', '/teams', guest).send({ name: 'Red' }).expect(409);
    await app.call('delete', `/teams/${one.id}/members/${guest.id}`, guest).expect(204);
    const invited = await token(other.owner, other.id);
    const both = await Promise.all([
      app.call('post', '/teams', guest).send({ name: 'Red' }),
      accept(guest, invited, beside),
    ]);
    expect(both.filter(({ status }) => status < 300)).toHaveLength(1);
  });

  test('mails an address five times an hour, of however many teams', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) {
      const { owner, id } = await team(2);
      statuses.push((await invite(owner, id, { email: 'often@example.org' })).status);
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
  });

  test('stores names, addresses and tokens in no readable form', async () => {
    const { owner, id } = await team(2);
    const email = 'canary-4711@example.org';
    const secret = await token(owner, id, { email });
    for (const table of ['teams', 'team_invites', 'team_members', 'team_seats', 'mails']) {
      const rows = await app.nest.get(Database).query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
      for (const text of [email, secret, 'Blue'])
        for (const form of [text, Buffer.from(text).toString('hex')])
          expect([table, rows.some(({ row }) => row.includes(form))]).toEqual([table, false]);
    }
    expect(app.log.filter((line) => line.includes(secret) || line.includes(email))).toEqual([]);
  });
});
