import { Problem } from '@adiuva/kernel';
import { MAX_NODES, type DagContent, type DagNode } from './dag';
import { ancestorsOf, sortNodes } from './dag-graph';
import { PARAMS, referencesIn, type Reference } from './dag-template';

/** The names that nodes may use. */
export interface DagVocabulary {
  readonly agents: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
}

/** What is wrong with one node; `field` is a path of the request. */
export interface DagFault {
  readonly node: string;
  readonly field: string;
  readonly message: string;
}

const MAX_FAULTS = 100;

/** Throws `invalid_dag`, which names the nodes. */
export function assertDag(dag: Pick<DagContent, 'nodes' | 'params'>, vocabulary: DagVocabulary): void {
  const faults = dagFaults(dag, vocabulary).slice(0, MAX_FAULTS);
  const [first] = faults;
  if (!first) return;
  throw new Problem('invalid_dag', {
    detail: first.message,
    errors: faults.map(({ field, message }) => ({ field, message })),
    members: { nodes: [...new Set(faults.map(({ node }) => node))] },
  });
}

/** Faults of single nodes first; those of the graph where every dependency exists. */
export function dagFaults(
  { nodes, params }: Pick<DagContent, 'nodes' | 'params'>,
  vocabulary: DagVocabulary,
): DagFault[] {
  if (nodes.length > MAX_NODES) {
    const message = `A DAG has at most ${MAX_NODES} nodes`;
    return nodes.slice(MAX_NODES).map(({ id }) => ({ node: id, field: 'nodes', message }));
  }
  const ids = new Set(nodes.map(({ id }) => id));
  const faults = nodes.flatMap((node, index) => {
    const first = nodes.findIndex(({ id }) => id === node.id);
    const at = (field: string, message: string) => ({ node: node.id, field: `nodes.${index}.${field}`, message });
    return [
      ...(first < index ? [at('id', `More than one node has the id "${node.id}"`)] : []),
      ...nodeFaults(node, vocabulary, ids).map(([field, message]) => at(field, message)),
    ];
  });
  if (faults.length > 0) return faults;
  const { sorted, cyclic } = sortNodes(nodes);
  if (cyclic.length > 0) {
    const names = cyclic.map(({ id }) => `"${id}"`).join(', ');
    const message = `These nodes depend on each other: ${names}`;
    return cyclic.map((node) => ({ node: node.id, field: `nodes.${nodes.indexOf(node)}.depends_on`, message }));
  }
  return referenceFaults(nodes, ancestorsOf(sorted), params);
}

type FieldFault = readonly [field: string, message: string];

function nodeFaults(node: DagNode, { agents, tools }: DagVocabulary, ids: ReadonlySet<string>): FieldFault[] {
  const { id, agent, tool, instructions, dependsOn } = node;
  const faults: FieldFault[] = [];
  if (id === PARAMS) faults.push(['id', `"${PARAMS}" is reserved for the parameters`]);
  if ((agent === null) === (tool === null))
    faults.push(['agent', `The node "${id}" needs an agent or a tool, not both`]);
  if (agent !== null && !agents.has(agent)) faults.push(['agent', `The node "${id}" has an agent that does not exist`]);
  if (agent !== null && (instructions ?? '').trim() === '')
    faults.push(['instructions', `The agent of the node "${id}" needs instructions`]);
  if (tool !== null && !tools.has(tool)) faults.push(['tool', `The node "${id}" has a tool that does not exist`]);
  for (const other of dependsOn) {
    if (other === id) faults.push(['depends_on', `The node "${id}" depends on itself`]);
    else if (!ids.has(other))
      faults.push(['depends_on', `The node "${id}" depends on "${other}", which does not exist`]);
  }
  return faults;
}

/** Only what a node depends on has ended when it starts. */
function referenceFaults(
  nodes: readonly DagNode[],
  ancestors: ReadonlyMap<string, ReadonlySet<string>>,
  params: DagContent['params'],
): DagFault[] {
  const ids = new Set(nodes.map(({ id }) => id));
  return nodes.flatMap((node, index) => {
    const reach = (other: string): string | undefined => {
      if (!ids.has(other)) return `The node "${node.id}" refers to "${other}", which does not exist`;
      if (ancestors.get(node.id)?.has(other)) return undefined;
      return `The node "${node.id}" refers to "${other}" and does not depend on it`;
    };
    const messageOf = (reference: Reference): string | undefined => {
      if (reference.kind === 'node') return reach(reference.node);
      if (Object.hasOwn(params, reference.param)) return undefined;
      return `The node "${node.id}" refers to the parameter "${reference.param}", which does not exist`;
    };
    const inField = (field: string, value: unknown): FieldFault[] => {
      const { references, malformed } = referencesIn(value);
      const broken = malformed.map(
        (template) => `The node "${node.id}" has a template that refers to nothing: ${template}`,
      );
      return [...broken, ...references.flatMap((reference) => messageOf(reference) ?? [])].map((message) => [
        field,
        message,
      ]);
    };
    const condition = node.when && reach(node.when.node);
    const faults: FieldFault[] = [
      ...inField('instructions', node.instructions),
      ...inField('arguments', node.arguments),
      ...(condition ? [['when', condition] as const] : []),
    ];
    return faults.map(([field, message]) => ({ node: node.id, field: `nodes.${index}.${field}`, message }));
  });
}
