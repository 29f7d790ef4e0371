import { connect } from 'node:net';
import { TestApp, type TestUser, whenBusy } from '../support/app';

const MESSAGE = { message: 'hello' };

describe('hostile input', () => {
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await TestApp.start();
    user = await app.user();
  });
  afterAll(() => app.stop());

  const chat = (body: string, type = 'application/json') =>
    app.call('post', '/chat', user).set('Content-Type', type).send(body).buffer(true);

  it.each([
    [
      '/agents',
      { name: 'a_b_c', description: 'x', instructions: 5, tools: 'nope' },
      'instructions must be a string',
      'tools must be an array',
    ],
    ['/goals', { title: 'x', instructions: 'x', agent: 'ghost_agent' }, 'there is no such agent', ''],
    ['/run-agent', { project_id: 'x', agent_type: 'qa' }, 'project_id must match', 'must be an object'],
  ])('to %s is told the type that is wanted, not what follows from another', async (path, body, ...messages) => {
    const pro = await app.user('pro');
    const answer = await app.call('post', path, pro).send(body).expect(400);
    const errors: { field: string; message: string }[] = answer.body.errors;
    for (const message of messages) expect(errors.map((error) => error.message).join('; ')).toContain(message);
    expect(errors.map(({ field }) => field).every((field) => field in body || field === 'input_context')).toBe(true);
  });

  it.each<readonly [string, string, number]>([
    ['is no JSON', '{"message":', 400],
    ['has a NUL', '{"message":"a\\u0000b"}', 400],
    ['has half a surrogate pair', '{"message":"\\ud800"}', 400],
    ['is 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    [
      'is deep inside',
      `{"message":"x","context":{"user_profile":{"x":${'['.repeat(5_000)}${']'.repeat(5_000)}}}}`,
      400,
    ],
    ['has 100,000 keys', `{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":1`).join(',')}}`, 400],
    ['reaches for the prototype', '{"message":"x","__proto__":{"tier":"team"}}', 400],
    ['reaches for the constructor', '{"message":"x","constructor":{"prototype":{}}}', 400],
    ['has a number beyond doubles', '{"message":"x","context":{"user_profile":{"n":1e400}}}', 400],
    ['is a list', '[1]', 400],
    ['is null', 'null', 400],
    ['is a string', '"message"', 400],
    ['has an unknown member', '{"message":"x","tier":"team"}', 400],
    ['has an empty message', '{"message":""}', 400],
    ['has a long message', `{"message":"${'a'.repeat(32_001)}"}`, 400],
    ['has a message of another type', '{"message":{"$gt":""}}', 400],
    [
      'has history of an unknown role',
      '{"message":"x","context":{"conversation_history":[{"role":"system","content":"x"}]}}',
      400,
    ],
    [
      'is larger than 1 MiB of context',
      `{"message":"x","context":{"relevant_documents":["${'a'.repeat(1_048_577)}"]}}`,
      400,
    ],
    ['is far too large', `{"message":"${'a'.repeat(2_000_000)}"}`, 413],
  ])('that %s gets a clear answer at once', async (_, body, status) => {
    const started = performance.now();
    const answer = await chat(body);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, code: expect.any(String), request_id: answer.headers['x-request-id'] });
    expect(performance.now() - started).toBeLessThan(whenBusy(5_000));
  });

  it('of another type is 415, and so is a compressed one', async () => {
    expect((await chat('message=x', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await chat('<a/>', 'text/xml')).status).toBe(415);
    const squeezed = await app
      .call('post', '/chat', user)
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .send('x');
    expect([squeezed.status, squeezed.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('is not even read from somebody without a token', async () => {
    const answer = await app
      .call('post', '/chat')
      .set('Content-Type', 'application/json')
      .send(`"${'a'.repeat(100_000)}"`);
    expect([answer.status, answer.headers['connection']]).toEqual([401, 'close']);
  });

  it('is answered before the connection ends, however much the client still sends', async () => {
    for (const [path, status] of [
      ['/api/v1/auth/login', 413],
      ['/api/v1/chat', 401],
      ['/nowhere', 404],
    ] as const) {
      const bytes = Buffer.from(`"${'a'.repeat(3_000_000)}"`);
      const type = { 'Content-Type': 'application/json' };
      const announced = await fetch(`${app.url}${path}`, { method: 'POST', headers: type, body: bytes });
      const body = new Blob([bytes]).stream();
      const chunked = await fetch(`${app.url}${path}`, { method: 'POST', headers: type, body, duplex: 'half' });
      for (const answer of [announced, chunked]) {
        expect([path, answer.status]).toEqual([path, status]);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
    }
  });

  it.each([
    ['refused', 'POST /api/v1/chat'],
    ['lost', 'POST /nowhere'],
    ['served', 'GET /api/openapi.json'],
    ['for Socket.IO', 'POST /socket.io/?EIO=4&transport=polling'],
  ])('that never ends is cut when its request is %s', async (_, line) => {
    const socket = connect(app.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`${line} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const drip = setInterval(() => socket.writable && socket.write('1\r\na\r\n'), 100);
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 [24]0\d /);
  });

  it('in the address is a problem document too', async () => {
    for (const path of ['/nowhere', '/auth/sessions/../../etc', '/%ff', '/chat/%00']) {
      const { status, body } = await app.call('get', path, user);
      expect([400, 404]).toContain(status);
      expect(body).toMatchObject({ status, request_id: expect.any(String) });
    }
    const outside = await fetch(`${app.url}/nowhere`);
    expect([outside.status, outside.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('that is not HTTP, or has headers without end, is answered and cut', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed_request"/s);
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*"code":"headers_too_large"/s,
    );
    expect(
      await raw(
        'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ),
    ).toMatch(/^HTTP\/1\.1 400/);
  });

  it('does not get back what it was', async () => {
    const { text } = await chat(
      `{"message":"x","context":{"user_profile":{"timezone":${JSON.stringify(['<script>marker-4711</script>'])}}}}`,
    );
    expect(text).not.toContain('marker-4711');
  });

  it('as a request id is replaced, a good one kept', async () => {
    const kept = await app.call('post', '/chat', user).set('X-Request-Id', 'abc.DEF:1_2-3').send(MESSAGE);
    expect([kept.headers['x-request-id'], kept.body.request_id]).toEqual(['abc.DEF:1_2-3', 'abc.DEF:1_2-3']);
    for (const bad of ['a b', 'x'.repeat(129), '<x>']) {
      const { headers } = await app.call('get', '/health').set('X-Request-Id', bad);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(app.port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  }
});
