import { z } from 'zod';

export const DAG_STATUSES = ['draft', 'ready', 'archived'] as const;
export type DagStatus = (typeof DAG_STATUSES)[number];

export const MAX_NODES = 100;
export const CONDITION_OPERATORS = [
  'equals',
  'not_equals',
  'contains',
  'greater_than',
  'less_than',
  'exists',
  'empty',
  'not_empty',
] as const;

/** Compares one output of an earlier node; `path` leads to a member of it. */
export const ConditionShape = z.object({
  node: z.string(),
  path: z.string().nullable(),
  operator: z.enum(CONDITION_OPERATORS),
  value: z.unknown(),
});
export type Condition = z.infer<typeof ConditionShape>;

export const DagNodeShape = z.object({
  id: z.string(),
  name: z.string(),
  agent: z.string().nullable(),
  tool: z.string().nullable(),
  instructions: z.string().nullable(),
  arguments: z.record(z.string(), z.unknown()),
  dependsOn: z.array(z.string()),
  when: ConditionShape.nullable(),
  onError: z.enum(['fail', 'continue']),
});
/** One step of a DAG: an agent with instructions, or a tool with arguments. */
export type DagNode = z.infer<typeof DagNodeShape>;

export type DagParams = Readonly<Record<string, unknown>>;

export interface DagContent {
  readonly title: string;
  readonly nodes: readonly DagNode[];
  /** The parameters that templates may name, with their defaults. */
  readonly params: DagParams;
}

/** What a DAG is made from. */
export type DagSource =
  | { readonly kind: 'nodes'; readonly content: DagContent }
  | { readonly kind: 'text'; readonly text: string; readonly params: DagParams }
  | { readonly kind: 'playbook'; readonly playbook: string; readonly params: DagParams };

export interface DagChange extends Partial<DagContent> {
  readonly status?: DagStatus;
}

export interface Dag extends DagContent {
  readonly id: string;
  readonly status: DagStatus;
  /** Counts changes of nodes and parameters. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
