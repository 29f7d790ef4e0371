import { withNodeAgain, withoutNode } from '../../apps/console/src/workflows/nodes';
import { layoutGraph } from '../../apps/console/src/workflows/graph-layout';
import { draftOf, EMPTY_SCHEDULE, scheduleOf } from '../../apps/console/src/goals/schedule';
import { treeOf } from '../../apps/console/src/projects/tree';
import { historyOf } from '../../apps/console/src/chat/conversation';
import { inputsOf, recordsOf, runStep, type PlanWork, type Values } from '../../apps/console/src/chat/plan';
import { ApiProblem, MemorySyncStore, type SyncOptions } from '@adiuva/client';
import { eventually } from '../support/app';

const node = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });

describe('the layout of a graph', () => {
  it('puts each node to the right of all that it waits for', () => {
    const { nodes, edges } = layoutGraph([node('d', 'b', 'c'), node('b', 'a'), node('a'), node('c', 'b')]);
    expect(edges).toHaveLength(4);
    for (const { from, to } of edges) expect(to.x).toBeGreaterThan(from.x);
    expect(nodes.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives no two nodes one place', () => {
    const wide = Array.from({ length: 30 }, (_, index) => node(`n${index}`, ...(index < 5 ? [] : [`n${index % 5}`])));
    const { nodes, width, height } = layoutGraph(wide);
    expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(30);
    expect(Math.max(...nodes.map(({ x }) => x))).toBeLessThan(width);
    expect(Math.max(...nodes.map(({ y }) => y))).toBeLessThan(height);
  });

  it('draws a circle and a dependency that is missing, which the server refuses', () => {
    const { nodes, edges } = layoutGraph([node('a', 'b'), node('b', 'a', 'none')]);
    expect(nodes).toHaveLength(2);
    expect(edges).toHaveLength(2);
  });

  it('is empty without nodes', () => {
    expect(layoutGraph([])).toMatchObject({ nodes: [], edges: [] });
  });
});

describe('a step that is deleted and given back', () => {
  const step = (id: string, ...depends_on: string[]) => ({ id, name: id, depends_on });
  const before = [step('a'), step('b', 'a'), step('c', 'b')];

  it('is where it was, with what waited for it', () => {
    expect(withNodeAgain(withoutNode(before, 'b'), before, 'b')).toEqual(before);
  });

  it('leaves what was changed meanwhile', () => {
    const changed = [{ ...step('c'), name: 'Report' }, step('d', 'c')];
    const given = withNodeAgain(changed, before, 'b');
    expect(given).toEqual([{ ...step('c', 'b'), name: 'Report' }, step('b'), step('d', 'c')]);
    expect(withNodeAgain(given, before, 'b')).toBe(given);
  });
});

describe('the form of a schedule', () => {
  it.each([
    [
      { kind: 'daily', time: '07:05' },
      { kind: 'cron', expression: '5 7 * * *' },
    ],
    [
      { kind: 'weekly', time: '18:30', weekday: 5 },
      { kind: 'cron', expression: '30 18 * * 5' },
    ],
    [
      { kind: 'cron', expression: ' 0 9 1 * * ' },
      { kind: 'cron', expression: '0 9 1 * *' },
    ],
    [
      { kind: 'rrule', expression: 'FREQ=DAILY' },
      { kind: 'rrule', expression: 'FREQ=DAILY' },
    ],
  ] as const)('says %j as %j', (draft, schedule) => {
    expect(scheduleOf({ ...EMPTY_SCHEDULE, ...draft })).toMatchObject(schedule);
  });

  it('has no schedule while it is not whole', () => {
    for (const kind of ['none', 'once', 'cron', 'rrule'] as const)
      expect(scheduleOf({ ...EMPTY_SCHEDULE, kind })).toBeUndefined();
  });

  it.each(['5 7 * * *', '30 18 * * 5', '0 9 1 * *', '*/10 8 * * 1'])(
    'gives %s back as it has read it',
    (expression) => {
      expect(scheduleOf(draftOf({ kind: 'cron', expression }))).toMatchObject({ kind: 'cron', expression });
    },
  );

  it('gives a time back that it has read', () => {
    const expression = '2030-05-06T07:08:00.000Z';
    expect(scheduleOf(draftOf({ kind: 'at', expression }))).toMatchObject({ kind: 'at', expression });
  });
});

it('the tree of a project sorts folders and files by name', () => {
  const tree = treeOf(['src/b.ts', 'readme.md', 'src/a/x.ts', 'a.txt'].map((path) => ({ path })));
  expect(tree.files.map(({ name }) => name)).toEqual(['a.txt', 'readme.md']);
  expect(tree.folders.map(({ path }) => path)).toEqual(['src/']);
  expect(tree.folders[0]?.folders[0]?.files.map(({ file }) => file.path)).toEqual(['src/a/x.ts']);
});

it('the history of a chat is its last turns, in order, as many as fit', () => {
  const turns = Array.from({ length: 40 }, (_, index) => ({
    id: String(index),
    role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
    text: `${index} ${'x'.repeat(1_000)}`,
  }));
  const history = historyOf(turns);
  expect(history.map(({ content }) => Number(content.split(' ')[0]))).toEqual([33, 34, 35, 36, 37, 38, 39]);
});

describe('a plan', () => {
  const step = (action: PlanStep['action'], variables: Values, from: number | null = null): PlanStep => ({
    action,
    variables,
    prompt_template: action === 'run_prompt' ? 'note.summarise' : null,
    data_from_step: from,
  });
  type PlanStep = Parameters<typeof runStep>[0];

  /** Carries all steps out, and gives what was done. */
  async function carryOut(
    steps: readonly PlanStep[],
    inputs: Readonly<Record<string, string>>,
    written = '',
  ): Promise<unknown[]> {
    const done: unknown[] = [];
    const work: PlanWork = {
      prompt: (template, variables) => {
        done.push(['prompt', template, variables]);
        return Promise.resolve(written);
      },
      read: (tool, input) => ({ tool, ...input }),
      ask: (agent, message) => {
        done.push(['ask', agent, message]);
        return Promise.resolve('an answer');
      },
      act: ({ type, table, data }) => {
        done.push([type, table, data]);
        return Promise.resolve();
      },
    };
    const outcomes: unknown[] = [];
    for (const planned of steps) outcomes.push(await runStep(planned, inputs, outcomes, work));
    return done;
  }

  it('gives a step the outcome of an earlier one, and the inputs of the user', async () => {
    const steps = [
      step('read_records', { tool: 'list_notes', arguments: { project_id: '{{project_id}}' } }),
      step('run_prompt', {}, 0),
      step('create_record', { table: 'notes' }, 1),
    ];
    expect(inputsOf({ id: '1', agent: 'note_agent', steps })).toEqual(['project_id']);
    expect(await carryOut(steps, { project_id: 'p1' }, '# Sum\n\nAll is well.')).toEqual([
      ['prompt', 'note.summarise', { data: { tool: 'list_notes', project_id: 'p1' } }],
      ['create_record', 'notes', { title: 'Sum', content: '# Sum\n\nAll is well.' }],
    ]);
  });

  it('hands a part over to an agent, with what was found before', async () => {
    const steps = [
      step('call_agent', { agent: 'a', message: 'First' }),
      step('call_agent', { agent: 'b', message: 'Then' }, 0),
    ];
    expect(await carryOut(steps, {})).toEqual([
      ['ask', 'a', 'First'],
      ['ask', 'b', 'Then\n\nan answer'],
    ]);
  });

  it.each<[outcome: unknown, table: string, records: readonly Values[]]>([
    ['[{"title":"a"},{"title":"b"}]', 'tasks', [{ title: 'a' }, { title: 'b' }]],
    ['```json\n{"name":"x","tasks":[{"title":"a"}]}\n```', 'tasks', [{ title: 'a' }]],
    ['{"name":"x","tasks":[{"title":"a"}]}', 'projects', [{ name: 'x', tasks: [{ title: 'a' }] }]],
    ['## Report\nAll done', 'notes', [{ title: 'Report', content: '## Report\nAll done' }]],
  ])('makes of %j records of %s', (outcome, table, records) => {
    expect(recordsOf(outcome, table)).toEqual(records);
  });
});

describe('the records of a browser', () => {
  interface Records {
    syncNow(): Promise<void>;
    syncStatus(): { readonly kind: string };
    write(table: string, row: object): Promise<void>;
    remove(table: string, id: string): Promise<void>;
    rows(table: string): readonly object[];
    close(): void;
  }
  const newRecord = { dirty: true, version: 1, onServer: true, edits: 1 };

  function opened(client: object, store: object): Records {
    // Its types are those of a browser.
    const { LocalRecords } = jest.requireActual<{ LocalRecords: new (...parts: object[]) => Records }>(
      '../../apps/console/src/records/local-records',
    );
    return new LocalRecords(client, {}, Object.assign(store, { close: () => undefined }));
  }

  it('are synced once more where a sync is asked for while one is in progress, which may have read before', async () => {
    const answers: ((report: object) => void)[] = [];
    const client = { sync: () => new Promise<object>((resolve) => answers.push(resolve)) };
    const records = opened(client, new MemorySyncStore());
    const first = records.syncNow();
    await Promise.all([records.syncNow(), records.syncNow()]);
    expect(answers).toHaveLength(1);
    answers[0]?.({ pulled: 0, failures: [] });
    await eventually(() => answers.length === 2);
    answers[1]?.({ pulled: 0, failures: [] });
    await first;
    expect([answers.length, records.syncStatus().kind]).toEqual([2, 'idle']);
  });

  it('are shown as they are written, also where a sync has read before, and where that fails', async () => {
    const store = new MemorySyncStore();
    const records = opened({ sync: () => Promise.resolve({ pulled: 1, failures: [] }) }, store);
    await records.write('notes', { id: 'n', text: 'a' });
    let fail = (_: Error): void => undefined;
    jest.spyOn(store, 'write').mockReturnValueOnce(new Promise((_, reject) => (fail = reject)));
    const written = records.write('notes', { id: 'n', text: 'ab' });
    expect(records.rows('notes')).toEqual([{ id: 'n', text: 'ab' }]);
    await records.syncNow();
    expect(records.rows('notes')).toEqual([{ id: 'n', text: 'ab' }]);
    fail(new Error('the disk is full'));
    await expect(written).rejects.toThrow('the disk is full');
    await records.syncNow();
    expect(records.rows('notes')).toEqual([{ id: 'n', text: 'ab' }]);
    await records.write('notes', { id: 'n', text: 'abc' });
    await records.syncNow();
    expect(records.rows('notes')).toEqual([{ id: 'n', text: 'abc' }]);
    jest.spyOn(store, 'delete').mockRejectedValueOnce(new Error('the disk is full'));
    await expect(records.remove('notes', 'n')).rejects.toThrow('the disk is full');
    expect(records.rows('notes')).toEqual([{ id: 'n', text: 'abc' }]);
    records.close();
  });

  it('keep as a note of its own, once, what was written here while another device changed it', async () => {
    const store = new MemorySyncStore();
    const mine = { id: 'n', table: 'notes', data: new TextEncoder().encode('{"id":"n","text":"mine"}') };
    const client = {
      async sync(_vault: object, _store: object, { onConflict }: SyncOptions) {
        const conflict = { mine: { ...newRecord, ...mine }, theirs: { version: 2, data: null } };
        expect([await onConflict?.(conflict), await onConflict?.(conflict)]).toEqual(['theirs', 'theirs']);
        return { pulled: 1, failures: [] };
      },
    };
    const records = opened(client, store);
    await records.syncNow();
    expect(records.rows('notes')).toEqual([{ id: expect.not.stringMatching(/^n$/), text: 'mine' }]);
    records.close();
  });
});

describe('what is said to the user', () => {
  interface Toast {
    readonly text: string;
  }
  // Its types are those of a browser.
  const { clearToasts, shownToasts, toast, undo } = jest.requireActual<{
    clearToasts(): void;
    shownToasts(): readonly Toast[];
    toast(text: string, onUndo?: () => unknown): void;
    undo(toast: Toast): Promise<void>;
  }>('../../apps/console/src/ui/toasts');
  afterEach(clearToasts);
  const texts = () => shownToasts().map(({ text }) => text);

  it('can be taken back although more is said, until there is no room for another offer', () => {
    const nothing = (): void => undefined;
    toast('a', nothing);
    for (const text of ['b', 'c', 'd']) toast(text);
    expect(texts()).toEqual(['a', 'c', 'd']);
    for (const text of ['e', 'f']) toast(text, nothing);
    expect(texts()).toEqual(['a', 'e', 'f']);
    toast('g');
    expect(texts()).toEqual(['e', 'f', 'g']);
  });

  it('tells of what could not be taken back', async () => {
    toast('a', () => Promise.reject(new ApiProblem(404, { title: 'Not found' }, undefined)));
    const [shown] = shownToasts();
    if (shown) await undo(shown);
    expect(shownToasts()).toMatchObject([{ isError: true }]);
  });
});
