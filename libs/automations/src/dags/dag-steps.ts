import { z } from 'zod';
import type { NewStep } from '@adiuva/runs';
import { ConditionShape, type DagContent } from './dag';
import { referencesIn } from './dag-template';

/** What the step of a node is made of; sealed in the run. Positions are those of the steps. */
export const DagStepShape = z.object({
  agent: z.string().nullable(),
  tool: z.string().nullable(),
  instructions: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  when: ConditionShape.nullable(),
  /** The steps that this one depends on, and the agent or tool of each. */
  needs: z.array(z.object({ step: z.number().int(), by: z.string() })),
  /** The steps that templates and the condition refer to. */
  sources: z.record(z.string(), z.number().int()),
  continues: z.boolean(),
});
export type DagStep = z.infer<typeof DagStepShape>;

export const DagInputShape = z.object({ params: z.record(z.string(), z.unknown()) });

/** One step for each node, in the order of the nodes. The DAG must be valid. */
export function dagSteps({ nodes }: Pick<DagContent, 'nodes'>): NewStep[] {
  const positions = new Map(nodes.map(({ id }, index) => [id, index]));
  const at = (id: string): number => positions.get(id) ?? -1;
  return nodes.map((node) => {
    const dependsOn = [...new Set(node.dependsOn)].map(at);
    const { references } = referencesIn([node.instructions, node.arguments]);
    const named = references.flatMap((reference) => (reference.kind === 'node' ? [reference.node] : []));
    const body: DagStep = {
      agent: node.agent,
      tool: node.tool,
      instructions: node.instructions ?? '',
      arguments: node.arguments,
      when: node.when,
      needs: dependsOn.map((step) => ({ step, by: nodes[step]?.agent ?? nodes[step]?.tool ?? '' })),
      sources: Object.fromEntries([...named, ...(node.when ? [node.when.node] : [])].map((id) => [id, at(id)])),
      continues: node.onError === 'continue',
    };
    const kind = node.tool === null ? 'agent' : 'tool';
    return { key: node.id, name: node.name, kind, dependsOn, continues: body.continues, body };
  });
}
