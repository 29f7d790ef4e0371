import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, Log, Metrics } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { ForgingIssuer } from '../support/fakes/forging-issuer';
import { AGENT_SECRET, HMAC_SECRET, SignedCall } from '../gateway/signed-call';
import { findPlaintext, type Places } from '../support/plaintext-search';

/** Long enough that nothing but itself looks like it; letters and digits, so that every field takes it. */
const newMarker = () => `Canary${randomBytes(12).toString('hex')}`;

describe('what users say', () => {
  const usualTmp = process.env['TMPDIR'];
  const temporary = mkdtempSync(join(tmpdir(), 'adiuva-canary-'));
  let app: TestApp;
  let issuer: ForgingIssuer;
  beforeAll(async () => {
    issuer = await ForgingIssuer.start();
    app = await TestApp.start({
      LOG_LEVEL: 'trace',
      SSO_PRIVATE_HOSTS: new URL(issuer.url).host,
      AGENT_JWT_SECRET: AGENT_SECRET,
      BACKEND_HMAC_SECRET: HMAC_SECRET,
    });
    process.env['TMPDIR'] = temporary;
    await app.startJobs();
  });
  afterAll(async () => {
    await app.stop();
    await issuer.stop();
    if (usualTmp === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usualTmp;
    rmSync(temporary, { recursive: true, force: true });
  });

  const places = async (): Promise<Places> => ({
    databaseUrl: app.database.url,
    folders: [app.dataDir, temporary],
    texts: { log: app.log.join('\n'), metrics: await app.nest.get(Metrics).text() },
    redisUrl: process.env['TEST_REDIS_URL'],
  });

  it('about themselves lies nowhere open', async () => {
    const [email, name, agent, password, device] = [newMarker(), newMarker(), newMarker(), newMarker(), newMarker()];
    const user = await signedUp({ email: `${email}@example.org`, password, name }, agent);
    await app
      .call('post', '/auth/register')
      .send({ email: `${email}@example.org`, password })
      .expect(409);
    await app
      .call('post', '/auth/login')
      .send({ email: `${email}@example.org`, password: `not ${password}` })
      .expect(401);
    await app
      .call('post', '/auth/login')
      .set('User-Agent', agent)
      .send({ email: `${email}@example.org`, password })
      .expect(200);
    await app.call('get', `/auth/prelogin?email=${email}@example.org`).expect(200);
    await app
      .call('post', '/devices', user)
      .send({ name: device, public_key: randomBytes(32).toString('base64') })
      .expect(200);
    await app
      .call('post', '/auth/password', user)
      .send({ current_password: password, new_password: `2 ${password}` })
      .expect(204);
    await app.call('get', '/auth/me', user).expect(200);
    await expectNowhere({ email, name, agent, password, device });
    await app
      .call('delete', '/auth/account', user)
      .send({ password: `2 ${password}` })
      .expect(202);
    await expectNowhere({ email, name, agent, password, device });
  });

  it('in a chat lies nowhere open, over REST or a socket, replayed or refused', async () => {
    const user = await app.user('power');
    const [message, profile, document, history, task] = [
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
    ];
    const chat = {
      message: `remind me tomorrow to call ${message}`,
      context: {
        user_profile: { name: profile, projects: [{ id: profile, name: profile }], notes: profile },
        relevant_documents: [document],
        recent_tasks: [{ id: task, title: task }],
        conversation_history: [{ role: 'user', content: history }],
      },
    };
    const once = () => app.call('post', '/chat', user).set('Idempotency-Key', message).send(chat).expect(200);
    expect((await once()).body).toEqual((await once()).body);
    const socket = await app.socket(user.accessToken);
    const done = new Promise((resolve) => socket.once('chat:done', resolve));
    await socket.emitWithAck('chat:send', chat);
    expect(JSON.stringify(await done)).toContain(message);
    await app.call('post', '/chat', user).send({ ...chat, agents: [message] });
    await socket.emitWithAck('chat:send', { ...chat, unknown: message });
    await expectNowhere({ message, profile, document, history, task });
  });

  it('wrongly or to nobody lies nowhere open', async () => {
    const user = await app.user('power');
    const [path, query, header, field, value, broken] = [
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
    ];
    await app.call('get', `/${path}/${path}`, user).expect(404);
    await app.call('delete', `/devices/${path}`, user).expect(404);
    await app.call('get', `/storage/records?table=${query}&${query}=1`, user).expect(400);
    await app.call('get', '/auth/me', { accessToken: header }).expect(401);
    await app
      .call('get', '/auth/me', user)
      .set('X-Forwarded-For', header)
      .set('Cookie', header)
      .set('X-Request-Id', `no ${header}`);
    await app
      .call('post', '/auth/login')
      .send({ [field]: value, email: value, password: value })
      .expect(400);
    await app.call('post', '/auth/refresh').send({ refresh_token: value }).expect(401);
    await app
      .call('post', '/devices', user)
      .send({ name: { [field]: value }, public_key: value })
      .expect(400);
    await app.call('post', '/chat', user).set('Content-Type', 'application/json').send(`{"${broken}`).expect(400);
    await expect(app.socket(header)).rejects.toMatchObject({ data: { status: 401 } });
    await expectNowhere({ path, query, header, field, value, broken });
  });

  it('in goals and their runs is stored nowhere in plaintext, while they wait, when they end and when they are refused', async () => {
    await app.startRuns();
    const user = await app.user('power');
    const [title, instructions, note, answer, refused] = [
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
    ];
    const create = (fields: object) =>
      app.call('post', '/goals', user).send({ title, instructions: `add a task: ${instructions}`, ...fields });
    const start = async (fields: object, input: object): Promise<string> => {
      const { body } = await create(fields).expect(201);
      return (await app.call('post', `/goals/${body.id}/run`, user).send(input).expect(202)).body.run_id;
    };
    const until = (id: string, status: string) =>
      eventually(async () => (await app.call('get', `/runs/${id}`, user)).body.status === status);
    const done = await start(
      { input: { notes: [{ id: note, content: note }] } },
      { input: { tasks: [{ id: note, title: note }] } },
    );
    await until(done, 'completed');
    const { body: output } = await app.call('get', `/runs/${done}/output`, user).expect(200);
    expect(JSON.stringify(output)).toContain(instructions);
    const waiting = await start({ instructions: `list tasks about ${instructions}` }, {});
    await until(waiting, 'waiting');
    await expectNowhere({ title, instructions, note });
    await app
      .call('post', `/runs/${waiting}/resume`, user)
      .send({ answer: [{ result: [{ id: answer, title: answer }] }] })
      .expect(202);
    await until(waiting, 'completed');
    await create({ schedules: [{ kind: 'at', expression: refused, timezone: 'UTC' }], title: refused }).expect(422);
    await expectNowhere({ title, instructions, note, answer, refused });
  });

  it('in DAGs and their executions is stored nowhere in plaintext, while they wait, when they end and when they are refused', async () => {
    await app.startRuns();
    const user = await app.user('power');
    const [title, node, name, text] = [newMarker(), newMarker(), newMarker(), newMarker()];
    const [param, answer, refused] = [newMarker(), newMarker(), newMarker()];
    const id = `n-${node}`;
    const nodes = [
      { id: 'read', tool: 'list_tasks' },
      {
        id,
        name,
        tool: 'create_task',
        arguments: { title: `${text} {{params.p}} {{read.output}}` },
        depends_on: ['read'],
        when: { node: 'read', operator: 'not_equals', value: text },
      },
    ];
    const { body: dag } = await app
      .call('post', '/create-dag', user)
      .send({ title, nodes, params: { p: param } })
      .expect(201);
    const { body: started } = await app.call('post', '/execute-dag', user).send({ dag_id: dag.id }).expect(202);
    const path = `/dag-executions/${started.execution_id}`;
    const until = (status: string) =>
      eventually(async () => (await app.call('get', path, user)).body.status === status);
    await until('waiting');
    await expectNowhere({ title, node, name, text, param });
    const given = { answer: [{ result: [{ id: answer, title: answer }] }] };
    await app.call('post', `/resume-dag/${started.execution_id}`, user).send(given).expect(202);
    await until('completed');
    const { body: steps } = await app.call('get', `${path}/sub-steps`, user).expect(200);
    expect(JSON.stringify(steps)).toContain(`${text} ${param} [{`);
    const cyclic = [{ id: `n-${refused}`, agent: refused, depends_on: [`n-${refused}`] }];
    await app.call('post', '/create-dag', user).send({ title: refused, nodes: cyclic }).expect(422);
    await app.call('post', `/resume-dag/${started.execution_id}`, user).send({ from_node: refused }).expect(400);
    await expectNowhere({ title, node, name, text, param, answer, refused });
  });

  it('in agents and memories of users is stored nowhere in plaintext, accepted or refused', async () => {
    const user = await app.user('power');
    const [description, instructions, memory, changed, refused] = [
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
    ];
    const agent = { name: 'minutes_agent', description, instructions, tools: ['create_task'], memory: true };
    const { body } = await app.call('post', '/agents', user).send(agent).expect(201);
    await app.call('patch', `/agents/${body.id}`, user).send({ instructions: changed }).expect(200);
    const { body: kept } = await app
      .call('post', '/memories', user)
      .set('Idempotency-Key', 'memory-1')
      .send({ content: memory })
      .expect(201);
    await app.call('patch', `/memories/${kept.id}`, user).send({ content: changed }).expect(200);
    await app
      .call('post', '/chat', user)
      .send({ message: 'add a task: buy bread', agents: [agent.name] })
      .expect(200);
    await app
      .call('post', '/agents', user)
      .send({ ...agent, name: refused, tools: [refused] })
      .expect(400);
    await app
      .call('post', '/memories', user)
      .send({ agent: refused.toLowerCase(), content: refused, [refused]: 1 })
      .expect(400);
    await app.call('get', `/tools/${refused}`, user).expect(404);
    await expectNowhere({ description, instructions, memory, changed, refused });
  });

  it('in the single sign-on of a team is stored nowhere in plaintext, accepted or refused', async () => {
    const owner = await app.user('team', 2);
    const { body: team } = await app.call('post', '/teams', owner).send({ name: 'Blue' }).expect(201);
    const [client, secret, state, verifier, refused] = [
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
    ];
    const domain = `${newMarker()}.example`.toLowerCase();
    const settings = {
      issuer: issuer.url,
      client_id: client,
      client_secret: secret,
      domains: [domain],
      enforce: false,
    };
    const path = `/teams/${team.id}/sso`;
    await app.call('put', path, owner).send(settings).expect(200);
    const unreadable = { ...settings, issuer: `https://${refused}.invalid`, client_secret: refused };
    await app.call('put', path, owner).send(unreadable).expect(502);
    await app.call('get', path, owner).expect(200);
    const query = { email: `${verifier}@${domain}`, redirect_uri: 'app://adiuva/sso', state };
    const search = new URLSearchParams({ ...query, code_challenge: 'a'.repeat(43) });
    await app.call('get', `/auth/sso/start?${search.toString()}`).expect(404);
    await app.nest.get(Database).query('UPDATE sso_domains SET proved_at = now()');
    await app.call('get', `/auth/sso/start?${search.toString()}`).expect(302);
    await app.call('get', `/auth/sso/callback?state=${state}&code=${verifier}`).expect(401);
    const exchange = { code: 'a'.repeat(43), code_verifier: verifier.padEnd(43, 'x') };
    await app.call('post', '/auth/sso/exchange').send(exchange).expect(401);
    await expectNowhere({ client, secret, state, verifier, refused, domain });
  });

  it('of a team and its invites is stored nowhere in plaintext, accepted or refused', async () => {
    const owner = await app.user('team', 2);
    const [name, renamed, token] = [newMarker(), newMarker(), newMarker()];
    const email = `${newMarker()}@example.org`.toLowerCase();
    const { body: team } = await app.call('post', '/teams', owner).send({ name }).expect(201);
    await app.call('patch', `/teams/${team.id}`, owner).send({ name: renamed }).expect(200);
    await app.call('post', `/teams/${team.id}/invites`, owner).send({ email, role: 'member' }).expect(201);
    await app.call('post', `/teams/${team.id}/invites`, owner).send({ email: token, role: token }).expect(400);
    await app.call('post', `/invites/${token.padEnd(43, 'x')}/accept`, await app.user()).expect(404);
    await expectNowhere({ name, renamed, token, email });
  });

  it('by an agent worker is stored nowhere in plaintext, accepted or refused', async () => {
    const user = await app.user('power');
    const [title, memory, argument, nonce, tool, scope] = [
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
    ];
    const scopes = ['tools:*'];
    const { body } = await app.call('post', '/auth/agent-token', user).send({ scopes }).expect(200);
    await app.call('post', '/auth/agent-token', user).send({ scopes: [`tools:${scope}`] });
    const call = (path: string, args: object, given: string = body.token) =>
      new SignedCall(app, 'post', `/gateway/tools/${path}`)
        .with({ body: { arguments: args }, token: given, nonce: `${nonce}${randomBytes(6).toString('hex')}` })
        .send();
    expect((await call('create_task', { title })).status).toBe(200);
    expect((await call('remember', { content: memory })).status).toBe(200);
    expect((await call('list_tasks', { [argument]: argument })).status).toBe(202);
    expect((await call('create_task', { title: { [argument]: argument } })).status).toBe(400);
    expect((await call(tool, { title: argument })).status).toBe(404);
    expect((await call('create_task', { title: argument }, tool)).status).toBe(401);
    await expectNowhere({ title, memory, argument, nonce, tool, scope });
  });

  it('in reports and telemetry is stored nowhere, accepted or refused', async () => {
    const user = await app.user('power');
    const [row, project, checkpoint, event, property] = [
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
      newMarker(),
    ];
    const report = {
      kind: 'week',
      tasks: [{ title: row, status: 'done', project_id: project, [row]: row }],
      projects: [{ id: project, name: project }],
      checkpoints: [{ title: checkpoint, date: Date.now() }],
      timezone: 'UTC',
    };
    await app.call('post', '/reports', user).send(report).expect(200);
    await app
      .call('post', '/reports', user)
      .send({ ...report, timezone: row })
      .expect(400);
    await app.call('put', '/telemetry/consent', user).send({ enabled: true }).expect(200);
    const send = (fields: object) =>
      app.call('post', '/telemetry', user).send({ events: [{ name: 'app_started', at: Date.now(), ...fields }] });
    await send({ properties: { platform: property } }).expect(400);
    await send({ properties: { [property]: 1 } }).expect(400);
    await send({ name: event }).expect(400);
    await send({ properties: { platform: 'linux' } }).expect(204);
    await expectNowhere({ row, project, checkpoint, event, property });
  });

  it('about their own providers is stored nowhere in plaintext, accepted or refused', async () => {
    const user = await app.user();
    const [key, model, refused] = [newMarker(), newMarker(), newMarker()];
    const host = `${newMarker()}.invalid`.toLowerCase();
    const provider = { api_key: key, model, base_url: `https://${host}/v1` };
    await app.call('put', '/providers/openai', user).send(provider).expect(200);
    await app
      .call('post', '/chat', user)
      .send({ message: 'add a task: buy bread', agents: ['task_agent'] })
      .expect(502);
    await app.call('put', '/providers/mistral', user).send({ api_key: refused, model: refused }).expect(402);
    await app.call('put', `/providers/${refused}`, user).send({ api_key: refused }).expect(404);
    await app
      .call('put', '/providers/openai', user)
      .send({ api_key: refused, base_url: `ftp://${refused}` })
      .expect(400);
    await expectNowhere({ key, model, refused, host });
  });

  it('would be found wherever it lay', async () => {
    const marker = newMarker();
    const database = app.nest.get(Database);
    await database.query('CREATE TABLE planted (at text, words text, bytes bytea, document jsonb)');
    await database.query('INSERT INTO planted VALUES ($1, $2, $3, $4)', ['text', `x ${marker} x`, null, null]);
    await database.query('INSERT INTO planted VALUES ($1, $2, $3, $4)', ['bytes', null, Buffer.from(marker), null]);
    await database.query('INSERT INTO planted VALUES ($1, $2, $3, $4)', [
      'json',
      null,
      null,
      JSON.stringify({ [marker]: 1 }),
    ]);
    writeFileSync(join(app.dataDir, 'planted-1'), `..${Buffer.from(`.${marker}.`).toString('base64')}`);
    writeFileSync(join(temporary, 'planted-2'), Buffer.from(marker, 'utf16le'));
    app.nest.get(Log).info('planted', { reason: marker });
    const found = await findPlaintext(marker, await places());
    expect(found.map(({ place, writing }) => `${place}: ${writing}`).sort()).toEqual([
      'file planted-1: base64 at 1',
      'file planted-2: UTF-16',
      'log: plain',
      'table public.planted: hex',
      'table public.planted: plain',
      'table public.planted: plain',
    ]);
  });

  async function expectNowhere(markers: Readonly<Record<string, string>>): Promise<void> {
    const where = await places();
    for (const [name, marker] of Object.entries(markers)) {
      expect({ [name]: await findPlaintext(marker, where) }).toEqual({ [name]: [] });
    }
  }

  async function signedUp(
    account: { email: string; password: string; name: string },
    agent: string,
  ): Promise<Pick<TestUser, 'accessToken'>> {
    const { body } = await app
      .call('post', '/auth/register')
      .set('User-Agent', agent)
      .set('Idempotency-Key', account.email)
      .send(account)
      .expect(201);
    return { accessToken: body.access_token };
  }
});
