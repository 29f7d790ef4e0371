import { z } from 'zod';
import { separateClauses } from '@adiuva/offline-assistant';
import { CONDITION_OPERATORS, type DagContent, type DagNode } from './dag';

const TITLE_MAX = 80;
const ID = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
const FALLBACK = 'task_agent';

/** A node as the planner model writes it; models write `null` for what they do not give. */
const DraftNode = z
  .object({
    id: ID,
    name: z.string().max(200).nullish(),
    agent: z.string().nullish(),
    tool: z.string().nullish(),
    instructions: z.string().max(16_000).nullish(),
    arguments: z.record(z.string(), z.unknown()).nullish(),
    depends_on: z.array(z.string()).nullish(),
    when: z
      .object({
        node: z.string(),
        path: z.string().nullish(),
        operator: z.enum(CONDITION_OPERATORS),
        value: z.unknown().optional(),
      })
      .nullish(),
    on_error: z.enum(['fail', 'continue']).nullish(),
  })
  .transform((node): DagNode => ({
    id: node.id,
    name: node.name || node.id,
    agent: node.agent ?? null,
    tool: node.tool ?? null,
    instructions: node.instructions ?? null,
    arguments: node.arguments ?? {},
    dependsOn: node.depends_on ?? [],
    when: node.when ? { ...node.when, path: node.when.path ?? null, value: node.when.value ?? null } : null,
    onError: node.on_error ?? 'fail',
  }));

export const DagDraftShape = z
  .object({ title: z.string().nullish(), nodes: z.array(DraftNode).min(1) })
  .transform(({ title, nodes }) => ({ title: title?.trim().slice(0, TITLE_MAX), nodes }));

/** The nodes of a text without a model: one for each of its clauses. */
export function clauseNodes(text: string, agents: ReadonlySet<string>): DagNode[] {
  const clauses = separateClauses(text);
  const parts = clauses.length > 0 ? clauses : [{ text, agent: undefined, needs: [] }];
  return parts.map((clause, index) => ({
    id: idOf(index),
    name: titleOf(clause.text),
    agent: clause.agent !== undefined && agents.has(clause.agent) ? clause.agent : FALLBACK,
    tool: null,
    // Braces of the user's are no templates.
    instructions: clause.text.replaceAll('{{', '{ {'),
    arguments: {},
    dependsOn: clause.needs.map(idOf),
    when: null,
    onError: 'fail',
  }));
}

export function titleOf(text: string): DagContent['title'] {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= TITLE_MAX ? line : `${line.slice(0, TITLE_MAX - 1)}…`;
}

function idOf(index: number): string {
  return `step_${index + 1}`;
}
