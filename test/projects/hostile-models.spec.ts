import { TestApp } from '../support/app';
import { FakeOpenAi, type ScriptedCall } from '../support/fakes/models/fake-openai';
import { ProjectClient, scripted, systemOf, toolResults } from './project-client';

/** Of one message. */
const MAX_TOOL_CALLS = 60;

describe('a model of a code job', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let client: ProjectClient;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start(model.settings);
    await app.startRuns();
    client = new ProjectClient(app, await app.user('pro'));
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  const writes = (from: number, count: number): ScriptedCall[] =>
    Array.from({ length: count }, (_, index) => ({
      name: 'write_file',
      arguments: { path: `f${from + index}.txt`, content: 'x' },
    }));

  it('that writes outside of the project or a part of its prompt reads an error', async () => {
    const errors: unknown[] = [];
    model.answer(
      scripted({
        plan: [{ text: 'Plan.' }],
        write: [
          (request) => ({
            calls: [
              { name: 'write_file', arguments: { path: '../x', content: 'x' } },
              { name: 'edit_file', arguments: { path: 'none.ts', old_text: 'a', new_text: 'b' } },
              { name: 'write_file', arguments: { path: 'leak.md', content: systemOf(request) } },
            ],
          }),
          (request) => {
            errors.push(...toolResults(request).map((result) => result['error']));
            return { text: 'I give up.' };
          },
        ],
      }),
    );
    const id = await client.create();
    const done = await client.ended(await client.start(id, 'code'));
    expect(errors).toEqual([
      'The path has a relative segment',
      'There is no such file',
      expect.stringContaining('confidential'),
    ]);
    expect(await client.paths(id)).toEqual([]);
    expect(JSON.stringify(done)).not.toContain('You carry out the plan');
  });

  it('that writes files without end reads that its calls are used up, and what it wrote before is kept', async () => {
    const errors: unknown[] = [];
    model.answer(
      scripted({
        plan: [{ text: 'Plan.' }],
        write: [
          { calls: writes(0, 50) },
          { calls: writes(50, 50) },
          (request) => {
            errors.push(...toolResults(request).flatMap(({ error }) => error ?? []));
            return { calls: writes(100, 50) };
          },
        ],
      }),
    );
    const id = await client.create();
    const done = await client.ended(await client.start(id, 'code'));
    expect(done['status']).toBe('completed');
    expect(errors).toEqual(Array(100 - MAX_TOOL_CALLS).fill('The tool calls of this message are used up'));
    expect(await client.paths(id)).toHaveLength(MAX_TOOL_CALLS);
  });

  it('that asks for 10,000 files in one answer fails its job openly, and nothing is written', async () => {
    model.answer(scripted({ plan: [{ text: 'Plan.' }], write: [{ calls: writes(0, 10_000) }] }));
    const id = await client.create();
    const failed = await client.ended(await client.start(id, 'code'));
    expect([failed['status'], failed.error['code']]).toEqual(['failed', 'upstream_failed']);
    expect(await client.paths(id)).toEqual([]);
  });
});
