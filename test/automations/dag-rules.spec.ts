import { dagFaults, type DagNode } from '@adiuva/automations';
import { whenBusy } from '../support/app';

const VOCABULARY = { agents: new Set(['task_agent', 'note_agent']), tools: new Set(['list_tasks', 'create_task']) };

const node = (id: string, dependsOn: readonly string[] = [], fields: Partial<DagNode> = {}): DagNode => ({
  id,
  name: id,
  agent: 'task_agent',
  tool: null,
  instructions: 'list my tasks',
  arguments: {},
  dependsOn: [...dependsOn],
  when: null,
  onError: 'fail',
  ...fields,
});
const refersTo = (text: string) => ({ instructions: text });
const when = (other: string) => ({ when: { node: other, path: null, operator: 'exists' as const, value: null } });
const faultsOf = (nodes: readonly DagNode[]) =>
  dagFaults({ nodes, params: { name: 'x' } }, VOCABULARY).map(({ node: id, field }) => `${id} ${field}`);

describe('the nodes of a DAG', () => {
  it.each<[string, readonly DagNode[], readonly string[]]>([
    ['without a fault', [node('a'), node('b', ['a']), node('c', ['a', 'a'])], []],
    [
      'that depend on each other',
      [node('a', ['b']), node('b', ['a'])],
      ['a nodes.0.depends_on', 'b nodes.1.depends_on'],
    ],
    ['that depend on themselves', [node('a', ['a'])], ['a nodes.0.depends_on']],
    [
      'before, in and behind a cycle: only those in it are named',
      [node('before'), node('a', ['before', 'b']), node('b', ['a']), node('behind', ['b'])],
      ['a nodes.1.depends_on', 'b nodes.2.depends_on'],
    ],
    ['with an unknown dependency', [node('a'), node('b', ['c'])], ['b nodes.1.depends_on']],
    ['with an unknown agent', [node('a', [], { agent: 'spy_agent' })], ['a nodes.0.agent']],
    ['with an unknown tool', [node('a', [], { agent: null, tool: 'drop_table' })], ['a nodes.0.tool']],
    ['with an agent and a tool', [node('a', [], { tool: 'list_tasks' })], ['a nodes.0.agent']],
    ['with neither', [node('a', [], { agent: null })], ['a nodes.0.agent']],
    ['whose agent has no instructions', [node('a', [], refersTo(' '))], ['a nodes.0.instructions']],
    ['with the same id', [node('a'), node('a')], ['a nodes.1.id']],
    ['with the reserved id', [node('params')], ['params nodes.0.id']],
    [
      'that refer to what they depend on',
      [node('a'), node('b', ['a']), node('c', ['b'], refersTo('{{a.output}}'))],
      [],
    ],
    [
      'that refer to a later node',
      [node('a', [], refersTo('{{ b.output.0 }}')), node('b', ['a'])],
      ['a nodes.0.instructions'],
    ],
    [
      'that refer to an independent node',
      [node('a'), node('b', [], refersTo('{{a.output}}'))],
      ['b nodes.1.instructions'],
    ],
    ['that refer to themselves', [node('a', [], refersTo('{{a.output}}'))], ['a nodes.0.instructions']],
    ['that refer to an unknown node', [node('a', [], { arguments: { x: ['{{z.output}}'] } })], ['a nodes.0.arguments']],
    ['that refer to a parameter', [node('a', [], refersTo('{{params.name.first}}'))], []],
    ['that refer to an unknown parameter', [node('a', [], refersTo('{{params.nothing}}'))], ['a nodes.0.instructions']],
    [
      'with a template that refers to nothing',
      [node('a', [], refersTo('{{output}} {{a.input}}'))],
      ['a nodes.0.instructions', 'a nodes.0.instructions'],
    ],
    ['with a condition on an earlier node', [node('a'), node('b', ['a'], when('a'))], []],
    ['with a condition on a later node', [node('a', [], when('b')), node('b', ['a'])], ['a nodes.0.when']],
  ])('%s', (_, nodes, faults) => {
    expect(faultsOf(nodes)).toEqual(faults);
  });

  it('are at most 100, and those beyond are named', () => {
    const nodes = Array.from({ length: 101 }, (_, index) => node(`n${index}`));
    expect([faultsOf(nodes.slice(0, 100)), faultsOf(nodes)]).toEqual([[], ['n100 nodes']]);
  });

  it('are checked in linear time, whatever their templates look like', () => {
    const long = node('a', [], refersTo(`${'{{'.repeat(4_000)}${' '.repeat(4_000)}${'}}'.repeat(4_000)}`));
    const began = performance.now();
    faultsOf([long, node('b', ['a'], refersTo('{{' + 'a.'.repeat(7_000)))]);
    expect(performance.now() - began).toBeLessThan(whenBusy(200));
  });
});
