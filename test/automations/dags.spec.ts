import type { Socket } from 'socket.io-client';
import { newId } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';

const add = (id: string, title: string, depends_on: string[] = [], fields: object = {}) => ({
  id,
  tool: 'create_task',
  arguments: { title },
  depends_on,
  ...fields,
});

describe('DAGs', () => {
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await TestApp.start({ RUN_RETRY_MS: '20' });
    await app.startRuns();
    user = await app.user('power');
  });
  afterAll(() => app.stop());

  const create = async (nodes: object[], fields: object = {}, owner = user) =>
    (
      await app
        .call('post', '/create-dag', owner)
        .send({ title: 'Review', nodes, ...fields })
        .expect(201)
    ).body;
  const execute = async (dag_id: string, params?: object, owner = user): Promise<string> => {
    const { body } = await app.call('post', '/execute-dag', owner).send({ dag_id, params }).expect(202);
    expect(body).toEqual({ execution_id: expect.any(String), status: 'queued' });
    return body.execution_id;
  };
  const read = async (id: string, owner = user) => (await app.call('get', `/dag-executions/${id}`, owner)).body;
  const until = async (id: string, status: string, owner = user) => {
    let execution = await read(id, owner);
    await eventually(async () => (execution = await read(id, owner)).status === status).catch(() => {
      throw new Error(`the execution is ${JSON.stringify(execution)}`);
    });
    return execution;
  };
  const outputOf = async (id: string, owner = user) =>
    (await app.call('get', `/runs/${id}/output`, owner).expect(200)).body;
  const titlesOf = async (id: string) =>
    (await outputOf(id)).actions.map(({ data }: { data: { title: string } }) => data.title);
  const statesOf = ({ sub_steps }: { sub_steps: { node: string; status: string }[] }) =>
    Object.fromEntries(sub_steps.map(({ node, status }) => [node, status]));
  const runDag = async (nodes: object[], fields: object = {}, params?: object) => {
    const id = await execute((await create(nodes, fields)).id, params);
    return until(id, 'completed');
  };

  it('are 1,000 of a user at most, however many are created concurrently', async () => {
    const other = await app.user('power');
    const { id } = await create([add('a', 'Bread')], {}, other);
    await app.nest.get(Database).query(
      `INSERT INTO dags SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid()))).*
       FROM dags d, generate_series(1, 997) WHERE id = $1`,
      [id],
    );
    const body = { title: 'Review', nodes: [add('a', 'Bread')] };
    const tries = Array.from({ length: 5 }, () => app.call('post', '/create-dag', other).send(body));
    expect((await Promise.all(tries)).map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409]);
  });

  it('keep what they are made of; a change of nodes makes a new version', async () => {
    const nodes = [add('a', 'x'), add('b', '{{a.output.title}}', ['a'])];
    const made = await create(nodes, { params: { name: 1 } });
    expect(made).toMatchObject({ title: 'Review', status: 'ready', version: 1, params: { name: 1 }, nodes });
    const path = `/dags/${made.id}`;
    const renamed = await app.call('patch', path, user).send({ title: 'Other', status: 'draft' }).expect(200);
    expect(renamed.body).toMatchObject({ title: 'Other', status: 'draft', version: 1 });
    const rebuilt = await app
      .call('patch', path, user)
      .send({ nodes: [add('c', 'y')] })
      .expect(200);
    expect(rebuilt.body).toMatchObject({ version: 2, nodes: [add('c', 'y')], params: { name: 1 } });
    expect((await app.call('get', path, user).expect(200)).body).toEqual(rebuilt.body);
    const drafts = await app.call('get', '/dags?status=draft', user).expect(200);
    expect([drafts.body, drafts.headers['x-total-count']]).toEqual([[rebuilt.body], '1']);
    await app.call('post', '/execute-dag', user).send({ dag_id: made.id }).expect(409);
    await app.call('delete', path, user).expect(204);
    await app.call('get', path, user).expect(404);
  });

  it('are not there for another user, nor are their executions', async () => {
    const { id } = await create([add('a', 'x')]);
    const execution = await execute(id);
    const other = await app.user('power');
    await app.call('get', `/dags/${id}`, other).expect(404);
    await app.call('patch', `/dags/${id}`, other).send({ title: 'x' }).expect(404);
    await app.call('delete', `/dags/${id}`, other).expect(404);
    await app.call('post', '/execute-dag', other).send({ dag_id: id }).expect(404);
    for (const path of ['', '/sub-steps', '/events']) {
      await app.call('get', `/dag-executions/${execution}${path}`, other).expect(404);
    }
    await app.call('post', `/resume-dag/${execution}`, other).send({ from_node: 'a' }).expect(404);
    await app.call('delete', `/dag-executions/${execution}`, other).expect(404);
    expect((await app.call('get', `/dag-executions?dag_id=${id}`, other).expect(200)).body).toEqual([]);
  });

  it('need the batch builder to be built and executed', async () => {
    const pro = await app.user('pro');
    const body = { title: 'x', nodes: [add('a', 'x')] };
    const refused = await app.call('post', '/create-dag', pro).send(body).expect(402);
    expect(refused.body).toMatchObject({ code: 'upgrade_required', required_tier: 'power' });
    await app.setTier(pro.id, 'power');
    const { id } = await create([add('a', 'x')], {}, pro);
    const execution = await execute(id, {}, pro);
    await until(execution, 'completed', pro);
    await app.setTier(pro.id, 'pro');
    await app.call('post', '/execute-dag', pro).send({ dag_id: id }).expect(402);
    await app.call('patch', `/dags/${id}`, pro).send({ nodes: body.nodes }).expect(402);
    await app.call('post', `/resume-dag/${execution}`, pro).send({ from_node: 'a' }).expect(402);
    await app.call('patch', `/dags/${id}`, pro).send({ title: 'y' }).expect(200);
  });

  it('that are no DAG are refused with 422, which names the nodes', async () => {
    const nodes = [add('first', 'x', ['second']), add('second', 'x', ['first']), add('third', 'x')];
    const { body } = await app.call('post', '/create-dag', user).send({ title: 'x', nodes }).expect(422);
    expect(body).toMatchObject({
      code: 'invalid_dag',
      nodes: ['first', 'second'],
      errors: [
        { field: 'nodes.0.depends_on', message: expect.stringContaining('"first", "second"') },
        { field: 'nodes.1.depends_on', message: expect.any(String) },
      ],
    });
    const many = Array.from({ length: 101 }, (_, index) => add(`n${index}`, 'x'));
    const refused = await app.call('post', '/create-dag', user).send({ title: 'x', nodes: many }).expect(422);
    expect(refused.body.nodes).toEqual(['n100']);
    const { id } = await create([add('a', 'x')]);
    const changed = await app
      .call('patch', `/dags/${id}`, user)
      .send({ nodes: [add('a', '{{b.output}}')] })
      .expect(422);
    expect(changed.body.nodes).toEqual(['a']);
  });

  it.each([
    [{ title: '', nodes: [add('a', 'x')] }, 'title'],
    [{ title: 'x', nodes: [] }, 'nodes'],
    [{ title: 'x', nodes: [[]] }, 'nodes'],
    [{ title: 'x', nodes: [{ ...add('a', 'x'), id: 'not an id' }] }, 'nodes.0.id'],
    [{ title: 'x', nodes: [{ ...add('a', 'x'), when: { node: 'a', operator: 'like' } }] }, 'nodes.0.when.operator'],
    [{ title: 'x', nodes: [{ ...add('a', 'x'), more: 1 }] }, 'nodes.0.more'],
  ])('of another shape are refused with 400: %j', async (sent, field) => {
    const { body } = await app.call('post', '/create-dag', user).send(sent).expect(400);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('give the outputs of nodes and the parameters to later nodes', async () => {
    const nodes = [
      add('a', '{{params.what}} of {{params.who.name}}'),
      add('b', 'Then: {{a.output.title}}', ['a'], {
        arguments: { title: 'Then: {{a.output.title}}', priority: '{{params.priority}}' },
      }),
    ];
    const params = { what: 'Review', who: { name: 'Anna' }, priority: 'low' };
    const { id } = await runDag(nodes, { params }, { priority: 'high' });
    const { actions } = await outputOf(id);
    expect(actions).toEqual([
      expect.objectContaining({
        type: 'create_record',
        table: 'tasks',
        data: expect.objectContaining({ title: 'Review of Anna' }),
      }),
      expect.objectContaining({ data: expect.objectContaining({ title: 'Then: Review of Anna', priority: 'high' }) }),
    ]);
    const { body } = await app.call('post', `/runs/${id}/actions/ack`, user).send({ action_ids: [actions[0].id] });
    expect(body).toEqual({ pending: 1 });
  });

  it('refuse parameters that they do not have', async () => {
    const { id } = await create([add('a', 'x')], { params: { known: 1 } });
    const { body } = await app
      .call('post', '/execute-dag', user)
      .send({ dag_id: id, params: { other: 1 } })
      .expect(400);
    expect(body.errors).toEqual([expect.objectContaining({ field: 'params.other' })]);
  });

  it('execute agents with the results of what they depend on', async () => {
    const nodes = [
      { id: 'project', agent: 'project_agent', instructions: 'create a project called {{params.name}}' },
      {
        id: 'task',
        agent: 'task_agent',
        instructions: 'add a task to {{params.name}}: call Anna',
        depends_on: ['project'],
      },
    ];
    const { id } = await runDag(nodes, { params: { name: 'Atlas', tasks: [] } });
    const { actions } = await outputOf(id);
    const [project, task] = actions;
    expect([project, task]).toEqual([
      expect.objectContaining({ table: 'projects', data: expect.objectContaining({ name: 'Atlas' }) }),
      expect.objectContaining({ table: 'tasks', data: expect.objectContaining({ project_id: project.data.id }) }),
    ]);
  });

  it('skip nodes whose condition does not hold, and those of which all dependencies were skipped', async () => {
    const when = (operator: string, value: unknown) => ({ when: { node: 'a', path: 'title', operator, value } });
    const execution = await runDag([
      add('a', 'late'),
      add('yes', 'yes', ['a'], when('equals', 'late')),
      add('no', 'no', ['a'], when('not_equals', 'late')),
      add('behind', 'behind', ['no']),
      add('joined', 'joined', ['yes', 'no']),
    ]);
    expect(statesOf(execution)).toEqual({ a: 'done', yes: 'done', no: 'skipped', behind: 'skipped', joined: 'done' });
    expect(await titlesOf(execution.id)).toEqual(['late', 'yes', 'joined']);
  });

  it('fail with a node, continue past one that may fail, and resume at what failed', async () => {
    const broken = (on_error: string) => ({ ...add('bad', '', [], { arguments: { title: 1 } }), on_error });
    const dag = await create([add('a', 'x'), broken('continue'), add('last', 'after {{bad.output}}', ['bad', 'a'])]);
    const tolerant = await until(await execute(dag.id), 'completed');
    expect(statesOf(tolerant)).toEqual({ a: 'done', bad: 'failed', last: 'done' });
    // After "a", so that a failure of the run does not keep it from starting.
    const strict = await create([
      add('a', 'x'),
      { ...broken('fail'), depends_on: ['a'] },
      add('last', 'y', ['bad', 'a']),
    ]);
    const id = await execute(strict.id);
    const failed = await until(id, 'failed');
    const bad = failed.sub_steps.find(({ node }: { node: string }) => node === 'bad');
    expect([failed.error, bad.error.code]).toEqual([
      expect.objectContaining({ code: 'validation_failed', step: bad.id }),
      'validation_failed',
    ]);
    const { body } = await app.call('post', `/resume-dag/${id}`, user).send({}).expect(202);
    expect(body.execution_id).toBe(id);
    const again = await until(id, 'failed');
    expect([again.attempt, again.sub_steps.map(({ attempts }: { attempts: number }) => attempts)]).toEqual([
      2,
      [1, 2, 0],
    ]);
  });

  it('fork from a node: that node and what depends on it are executed again, other results are taken over', async () => {
    const dag = await create(
      [add('a', 'a {{params.x}}'), add('b', 'b', ['a']), add('c', 'c {{b.output.id}}', ['b']), add('d', 'd', ['a'])],
      {
        params: { x: 1 },
      },
    );
    const first = await until(await execute(dag.id, { x: 2 }), 'completed');
    await app
      .call('patch', `/dags/${dag.id}`, user)
      .send({ nodes: [add('z', 'z')] })
      .expect(200);
    const { body } = await app.call('post', `/resume-dag/${first.id}`, user).send({ from_node: 'b' }).expect(202);
    const fork = await until(body.execution_id, 'completed');
    expect(fork).toMatchObject({ forked_from: first.id, dag_id: dag.id, dag_version: 1, attempt: 1 });
    expect(fork.sub_steps.map(({ attempts }: { attempts: number }) => attempts)).toEqual([0, 1, 1, 0]);
    const [before, after] = [await outputOf(first.id), await outputOf(fork.id)];
    const idsOf = ({ actions }: { actions: { data: { id: string } }[] }) => actions.map(({ data }) => data.id);
    expect(idsOf(after).map((id, index) => id === idsOf(before)[index])).toEqual([true, false, false, true]);
    const { body: refused } = await app
      .call('post', `/resume-dag/${first.id}`, user)
      .send({ from_node: 'z' })
      .expect(400);
    expect(refused.errors).toEqual([expect.objectContaining({ field: 'from_node' })]);
    const both = { from_node: 'b', answer: 'yes' };
    const { body: unused } = await app.call('post', `/resume-dag/${first.id}`, user).send(both).expect(400);
    expect(unused.errors).toEqual([expect.objectContaining({ field: 'answer' })]);
  });

  it('ask a device for what a read tool needs, or wait for one, and take an answer', async () => {
    const owner = await app.user('power');
    const nodes = [
      { id: 'tasks', tool: 'list_tasks' },
      add('note', 'First: {{tasks.output.0.title}}', ['tasks']),
      add('beside', 'beside'),
    ];
    const { id: dag } = await create(nodes, {}, owner);
    const waiting = await execute(dag, {}, owner);
    const execution = await until(waiting, 'waiting', owner);
    expect([execution.waiting_for, statesOf(execution)]).toEqual([
      'device',
      { tasks: 'waiting', note: 'blocked', beside: 'done' },
    ]);
    const rows = [{ id: newId(), title: 'Feed the owl', status: 'todo' }];
    await app
      .call('post', `/resume-dag/${waiting}`, owner)
      .send({ answer: [{ result: rows }] })
      .expect(202);
    await until(waiting, 'completed', owner);
    const socket: Socket = await app.socket(owner.accessToken);
    socket.on('run:tool_call', (_: unknown, ack: (answer: unknown) => void) => ack({ ok: true, result: rows }));
    const asked = await execute(dag, {}, owner);
    await until(asked, 'completed', owner);
    const { actions } = await outputOf(asked, owner);
    expect(actions[0].data.title).toBe('First: Feed the owl');
    await app.call('post', `/resume-dag/${asked}`, owner).send({ answer: 1 }).expect(409);
  });

  it('look in their parameters for rows that read tools need', async () => {
    const { id } = await runDag([{ id: 'tasks', tool: 'list_tasks' }], {
      params: { tasks: [{ id: 'a', title: 'Feed the owl' }] },
    });
    expect((await outputOf(id)).response).toContain('Feed the owl');
  });

  it('have steps and events with their node, which a client can follow from any position', async () => {
    const { id } = await runDag([add('a', 'x'), add('b', 'y', ['a'], { name: 'Second' })]);
    const { body: steps } = await app.call('get', `/dag-executions/${id}/sub-steps`, user).expect(200);
    expect(steps).toEqual([
      expect.objectContaining({
        node: 'a',
        name: 'a',
        index: 0,
        kind: 'tool',
        status: 'done',
        output: expect.any(Object),
      }),
      expect.objectContaining({ node: 'b', name: 'Second', index: 1 }),
    ]);
    const events = async (last: string) => {
      const { text } = await app
        .call('get', `/dag-executions/${id}/events`, user)
        .set('Last-Event-ID', last)
        .buffer(true)
        .expect(200);
      return [...String(text).matchAll(/id: (.+)\nevent: (.+)\ndata: (.+)\n/g)].map(([, seq, event, data = '{}']) => ({
        seq: Number(seq),
        event,
        node: JSON.parse(data).node,
      }));
    };
    const all = await events('0');
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect(all.filter(({ event }) => event?.startsWith('step.')).map(({ event, node }) => `${event} ${node}`)).toEqual([
      'step.started a',
      'step.completed a',
      'step.started b',
      'step.completed b',
    ]);
    expect(await events('4')).toEqual(all.slice(4));
    expect((await app.call('get', `/runs?kind=dag`, user).expect(200)).body).toContainEqual(
      expect.objectContaining({ id }),
    );
  });

  it('keep their executions until those are deleted', async () => {
    const { id: dag } = await create([add('a', 'x')]);
    const id = await execute(dag);
    await app.call('delete', `/dags/${dag}`, user).expect(409);
    await until(id, 'completed');
    const listed = await app.call('get', `/dag-executions?dag_id=${dag}&status=completed`, user).expect(200);
    expect([listed.body, listed.headers['x-total-count']]).toEqual([[await read(id)], '1']);
    await app.call('delete', `/dag-executions/${id}`, user).expect(204);
    await app.call('delete', `/dags/${dag}`, user).expect(204);
  });

  it('leave nothing when the account is erased while they run', async () => {
    const owner = await app.user('power');
    const { id } = await create([{ id: 'a', tool: 'list_tasks' }], {}, owner);
    await until(await execute(id, {}, owner), 'waiting', owner);
    await app.call('delete', '/auth/account', owner).send({ password: owner.password }).expect(202);
    await app.startJobs();
    const database = app.nest.get(Database);
    const rowsOf = (table: string, column: string) =>
      database.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [owner.id]);
    await eventually(async () => (await rowsOf('users', 'id')).length === 0);
    for (const table of ['dags', 'runs', 'run_steps']) expect(await rowsOf(table, 'user_id')).toEqual([]);
  });
});
