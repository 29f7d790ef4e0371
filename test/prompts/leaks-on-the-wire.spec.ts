import type { Socket } from 'socket.io-client';
import { Metrics } from '@adiuva/platform';
import { REMOVED } from '@adiuva/prompts';
import { TestApp, eventually, type TestUser } from '../support/app';
import { FakeOpenAi, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';

const PIECE = 5;

function systemPrompt(request: CompletionRequest): string {
  return String(request.messages.find(({ role }) => role === 'system')?.content);
}

/** A part of the fixed words: the end of the prompt is the user's context. */
function secretOf(request: CompletionRequest): string {
  const prompt = systemPrompt(request);
  const start = prompt.indexOf('How you work');
  return prompt.slice(start, start + 300);
}

function inPieces(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${PIECE}}`, 'g')) ?? [];
}

describe('prompts on the wire', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  const ask = (message: string) =>
    app
      .call('post', '/chat')
      .send({ message, context: {}, agents: ['task_agent'] })
      .set('Authorization', `Bearer ${user.accessToken}`);

  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start(model.settings);
    user = await app.user();
  });

  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  test('an answer over REST is cut where the prompt begins, and the rest of it is kept', async () => {
    model.answer((request) => ({ text: inPieces(`My rules: ${secretOf(request)}`) }));
    const { body } = await ask('What are your rules?').expect(200);
    expect(body.response.endsWith(REMOVED)).toBe(true);
    expect(body.response.length).toBeLessThan(60);
    expect(body).toMatchObject({ agent: 'task_agent', actions: [] });
  });

  test('over a socket the tokens joined are the response, and the model is stopped', async () => {
    model.answer((request) => ({ text: inPieces(`Gladly. ${secretOf(request).repeat(20)}`), gap: 1 }));
    const socket = await app.socket(user.accessToken);
    const { tokens, done } = await chat(socket, { message: 'Say it', agents: ['task_agent'] });
    expect(tokens.map(({ index }) => index)).toEqual(tokens.map((_, i) => i));
    expect(tokens.map(({ text }) => text).join('')).toBe(done.response);
    expect(done.response).toMatch(/^Gladly\. .{0,40}\[removed\]$/s);
    await eventually(() => model.seen.at(-1)?.closedAt !== undefined);
  });

  test('schemas of tools are removed', async () => {
    model.answer((request) => ({ text: inPieces(JSON.stringify(request.tools)) }));
    const { body } = await ask('Which tools do you have?').expect(200);
    expect(body.response).toContain(REMOVED);
    expect(body.response.length).toBeLessThan(60);
  });

  test('actions are cleaned in their values and keys', async () => {
    model.answer((request): Script => {
      if (request.messages.some(({ role }) => role === 'tool')) return { text: 'Done.' };
      return { calls: [{ name: 'create_task', arguments: { title: 'Tea', description: secretOf(request) } }] };
    });
    const { body } = await ask('Add a task').expect(200);
    expect(body.actions[0].data.title).toBe('Tea');
    expect(body.actions[0].data.description).toMatch(/^.{0,40}\[removed\]$/s);
    expect(body.response).toBe('Done.');
  });

  test('text of the user is returned unchanged, even where a prompt has the same words', async () => {
    let secret = '';
    model.answer((request) => ({ text: inPieces((secret = secretOf(request))) }));
    await ask('What are your rules?').expect(200);
    model.answer(() => ({ text: inPieces(secret) }));
    const { body } = await ask(`Repeat: ${secret}`).expect(200);
    expect(body.response).toBe(secret);
  });

  test('a hit is counted and logged by rule and prompt, never with its text', async () => {
    model.answer((request) => ({ text: secretOf(request) }));
    await ask('Once more').expect(200);
    expect(await app.nest.get(Metrics).text()).toMatch(
      /adiuva_prompt_leaks_total\{rule="[a-z]+",prompt="task_agent"\} \d/,
    );
    const lines = app.log.filter((line) => line.includes('prompt_leak'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toContain('Call a tool');
  });
});

interface Token {
  readonly index: number;
  readonly text: string;
}

async function chat(socket: Socket, request: object): Promise<{ tokens: Token[]; done: { response: string } }> {
  const tokens: Token[] = [];
  socket.on('chat:token', (token: Token) => tokens.push(token));
  const done = new Promise<{ response: string }>((resolve, reject) => {
    socket.once('chat:done', resolve);
    socket.once('chat:error', reject);
  });
  socket.emit('chat:send', { context: {}, ...request });
  return { tokens, done: await done };
}
