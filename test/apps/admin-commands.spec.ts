import { Environment } from '@adiuva/config';
import { Database, JobAdministration } from '@adiuva/platform';
import { argumentsOf, helpOf } from '../../apps/cli/src/command';
import { COMMANDS } from '../../apps/cli/src/commands';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';

const DEAD_JOB = `SELECT id::text FROM graphile_worker.add_job('release_backup', '{}'::json, max_attempts := 1, run_at := now() + interval '1 day')`;

describe('a command line', () => {
  it.each([
    ['admin jobs', 'admin jobs', []],
    ['admin jobs retry ID', 'admin jobs retry 7', ['7']],
    ['admin jobs retry ID', 'admin jobs retry', null],
    ['admin jobs', 'admin jobs retry', null],
    ['admin tier EMAIL TIER [SEATS]', 'admin tier a@b team 5', ['a@b', 'team', '5']],
    ['admin tier EMAIL TIER [SEATS]', 'admin tier a@b team', ['a@b', 'team']],
    ['sweep remove [force]', 'sweep remove force', ['force']],
    ['sweep remove [force]', 'sweep remove all', null],
    ['admin delete ACCOUNT --yes', 'admin delete a@b', null],
  ])('%s fits "%s" or not', (usage, line, expected) => {
    expect(argumentsOf({ usage }, line.split(' '))).toEqual(expected);
  });

  it('that no command fits is answered with the help of every command', () => {
    const help = helpOf(COMMANDS);
    for (const { usage, about } of COMMANDS)
      expect(help).toMatch(new RegExp(`  ${escaped(usage)} +${escaped(about)}\n`));
  });
});

describe('an operator', () => {
  let app: TestApp;
  let environment: Environment;
  beforeAll(async () => {
    app = await TestApp.start({ AUTH_LIMIT_PER_ACCOUNT: '3' });
    environment = new Environment({
      ENV: 'test',
      DATA_DIR: app.dataDir,
      DATABASE_URL: app.database.url,
      DATABASE_POOL: '2',
      LLM_PROVIDER: 'offline',
    });
  });
  afterAll(() => app.stop());

  const run = async (line: string): Promise<string> => {
    for (const command of COMMANDS) {
      const words = argumentsOf(command, line.split(' '));
      if (words) return command.run(environment, words);
    }
    throw new Error('no such command');
  };
  const signIn = ({ email }: TestUser, password = PASSWORD) =>
    app.call('post', '/auth/login').send({ email, password });
  const actionsOf = async (user: TestUser): Promise<string[]> =>
    (
      await app.nest
        .get(Database)
        .query<{ action: string }>('SELECT action FROM audit_events WHERE user_id = $1 AND actor_id IS NULL', [user.id])
    ).map(({ action }) => action);
  const isSignedOut = (user: TestUser) =>
    eventually(async () => (await app.call('get', '/auth/sessions', user)).status === 401);

  it('finds an account by its address or id, and that is in the audit log', async () => {
    const user = await app.user();
    expect(await run(`admin find ${user.email}`)).toContain(user.id);
    expect(await run(`admin find ${user.id}`)).toContain(`address    ${user.email}`);
    expect(await actionsOf(user)).toEqual(['account.viewed', 'account.viewed']);
    await expect(run('admin find nobody@example.org')).rejects.toThrow(/no account/);
  });

  it('disables an account, whose sessions end, and enables it again', async () => {
    const user = await app.user();
    await run(`admin disable ${user.email}`);
    await isSignedOut(user);
    await signIn(user).expect(403);
    await run(`admin enable ${user.email}`);
    await signIn(user).expect(200);
    expect(await actionsOf(user)).toEqual(['account.disabled', 'account.enabled']);
  });

  it('removes a password and gets the link that sets another, once', async () => {
    const user = await app.user();
    const [, token] = /#token=(\S+)/.exec(await run(`admin reset password ${user.email}`)) ?? [];
    await isSignedOut(user);
    await signIn(user).expect(401);
    const next = 'another walk by the sea';
    const reset = () => app.call('post', '/auth/password/reset').send({ token, new_password: next });
    await reset().expect(200);
    expect((await reset()).status).toBe(401);
    await signIn(user, next).expect(200);
    expect(await actionsOf(user)).toEqual(['password.reset']);
  });

  it('removes the second factor that an account has, and no other', async () => {
    const user = await app.user();
    await expect(run(`admin reset second-factor ${user.email}`)).rejects.toThrow(/no second factor/);
    await app.nest
      .get(Database)
      .query(`INSERT INTO totp_secrets (user_id, secret, confirmed_at) VALUES ($1, '\\x01', now())`, [user.id]);
    await signIn(user).expect(401);
    await run(`admin reset second-factor ${user.email}`);
    await signIn(user).expect(200);
    expect(await actionsOf(user)).toEqual(['totp.disabled']);
  });

  it('deletes the passkeys that an account has, and signs it out', async () => {
    const user = await app.user();
    await expect(run(`admin reset passkeys ${user.email}`)).rejects.toThrow(/no passkey/);
    await app.nest.get(Database).query(
      `INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name)
         SELECT gen_random_uuid(), $1, 'credential ' || n, '\\x01', 0, '', false, '\\x01' FROM generate_series(1, 2) AS n`,
      [user.id],
    );
    expect(await run(`admin reset passkeys ${user.email}`)).toContain('2 passkeys');
    await isSignedOut(user);
    const session = (await signIn(user).expect(200)).body;
    const { body } = await app.call('get', '/auth/passkeys', { accessToken: session.access_token }).expect(200);
    expect(body).toEqual([]);
    expect((await actionsOf(user)).sort()).toEqual(['passkey.deleted', 'passkey.deleted', 'sessions.ended']);
  });

  it('ends all sessions of an account', async () => {
    const user = await app.user();
    await run(`admin end-sessions ${user.id}`);
    await isSignedOut(user);
    await app.call('post', '/auth/refresh').send({ refresh_token: user.refreshToken }).expect(401);
    expect(await actionsOf(user)).toEqual(['sessions.ended']);
  });

  it('unlocks an account against which too many wrong passwords were counted', async () => {
    const user = await app.user();
    for (let guess = 0; guess < 3; guess += 1) await signIn(user, 'a wrong walk by the sea').expect(401);
    await signIn(user).expect(429);
    await run(`admin unlock ${user.email}`);
    await signIn(user).expect(200);
    expect(await actionsOf(user)).toEqual(['account.unlocked']);
  });

  it('deletes an account only with --yes', async () => {
    const user = await app.user();
    await expect(run(`admin delete ${user.email}`)).rejects.toThrow('no such command');
    await run(`admin delete ${user.email} --yes`);
    await isSignedOut(user);
    await signIn(user).expect(401);
    await expect(run(`admin find ${user.email}`)).rejects.toThrow(/no account/);
    expect(await actionsOf(user)).toEqual(['account.erased']);
  });

  it('lists, retries and deletes dead jobs, and no others', async () => {
    const database = app.nest.get(Database);
    const make = async (): Promise<string> => {
      const [job] = await database.query<{ id: string }>(DEAD_JOB);
      return job?.id ?? '';
    };
    const die = (id: string) =>
      database.query('UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE id = $1', [id]);
    const [one, other] = [await make(), await make()];
    await expect(run(`admin jobs retry ${one}`)).rejects.toThrow(/no dead job/);
    await die(one);
    await die(other);
    expect(await run('admin jobs')).toMatch(
      new RegExp(`2 dead jobs.*${other}.*${one}|2 dead jobs.*${one}.*${other}`, 's'),
    );
    expect(await run(`admin jobs retry ${one}`)).toBe('release_backup starts again.');
    expect(await run(`admin jobs delete ${other}`)).toBe('release_backup is deleted.');
    expect(await app.nest.get(JobAdministration).overview()).toMatchObject({ dead: 0, deadJobs: [] });
    expect(await run('admin audit list')).toMatch(/job\.deleted.*\n.*job\.retried/);
  });

  it('lists what an account has caused in the audit log', async () => {
    const user = await app.user();
    await signIn(user).expect(200);
    const list = await run(`admin audit list ${user.email}`);
    expect(list).toContain('session.started');
    expect(list).not.toContain('job.deleted');
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[[\]().*+?]/g, '\\$&');
}
