import { ToolCallAssembler, type ToolCallDelta } from '../../libs/llm/src/content/tool-call-assembler';

const MILK = { title: 'Milk' };
const BREAD = { title: 'Bread' };
const json = (value: unknown): string => JSON.stringify(value);

function assembled(deltas: readonly ToolCallDelta[]) {
  const assembler = new ToolCallAssembler();
  for (const delta of deltas) assembler.add(delta);
  return assembler.finish().calls;
}

describe('the calls of an answer', () => {
  it.each<[string, readonly ToolCallDelta[]]>([
    [
      'different indexes',
      [
        { index: 0, id: 'a', name: 'x', args: json(MILK) },
        { index: 1, id: 'b', name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'the same index and different ids',
      [
        { index: 0, id: 'a', name: 'x', args: json(MILK) },
        { index: 0, id: 'b', name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'indexes as text',
      [
        { index: '0', id: 'a', name: 'x', args: json(MILK) },
        { index: '1', id: 'b', name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'no index',
      [
        { id: 'a', name: 'x', args: json(MILK) },
        { id: 'b', name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'neither index nor id',
      [
        { name: 'x', args: json(MILK) },
        { name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'no id and the same index',
      [
        { index: 0, name: 'x', args: json(MILK) },
        { index: 0, name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'empty ids',
      [
        { index: 0, id: '', name: 'x', args: MILK },
        { index: 1, id: '', name: 'x', args: BREAD },
      ],
    ],
    [
      'the same id twice',
      [
        { index: 0, id: 'a', name: 'x', args: json(MILK) },
        { index: 1, id: 'a', name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'the same id twice and no index',
      [
        { id: 'a', name: 'x', args: json(MILK) },
        { id: 'a', name: 'x', args: json(BREAD) },
      ],
    ],
    [
      'parts that come in turns',
      [
        { index: 0, id: 'a', name: 'x', args: '' },
        { index: 1, id: 'b', name: 'x', args: '' },
        { index: 0, args: '{"title":' },
        { index: 1, args: '{"title":' },
        { index: 0, args: '"Milk"}' },
        { index: 1, args: '"Bread"}' },
      ],
    ],
    [
      'parts without an index',
      [
        { id: 'a', name: 'x', args: '{"title":' },
        { args: '"Milk"}' },
        { id: 'b', name: 'x', args: '{"title":' },
        { args: '"Bread"}' },
      ],
    ],
    [
      'a name in every part',
      [
        { index: 0, id: 'a', name: 'x', args: '{"title":' },
        { index: 0, id: 'a', name: 'x', args: '"Milk"}' },
        { index: 0, id: 'a', name: 'x', args: '' },
        { index: 1, id: 'b', name: 'x', args: json(BREAD) },
      ],
    ],
  ])('are two with %s', (_, deltas) => {
    const calls = assembled(deltas);
    expect(calls.map(({ name, args }) => [name, args])).toEqual([
      ['x', MILK],
      ['x', BREAD],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    expect(calls.every(({ id }) => id !== '')).toBe(true);
  });

  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['null as text', 'null', {}],
    ['an empty text', '', {}],
    ['a blank', ' \n', {}],
    ['an empty text in JSON', '""', {}],
    ['an object', MILK, MILK],
    ['JSON', json(MILK), MILK],
    ['JSON in JSON', json(json(MILK)), MILK],
    ['an empty object ahead', `{}${json(MILK)}`, MILK],
    ['no JSON, which stays as it is', '{"title": Milk}', '{"title": Milk}'],
  ])('have arguments from %s', (_, args, expected) => {
    expect(assembled([{ index: 0, id: 'a', name: 'x', args }])).toEqual([{ id: 'a', name: 'x', args: expected }]);
  });

  it('without a name are dropped', () => {
    expect(assembled([{ index: 0, args: '{}' }])).toEqual([]);
  });

  it('may not be larger than a megabyte', () => {
    expect(() => assembled([{ name: 'x', args: 'a'.repeat(1_100_000) }])).toThrow('too large');
  });
});
