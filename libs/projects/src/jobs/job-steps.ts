import { z } from 'zod';
import type { NewStep, StepResult } from '@adiuva/runs';
import { FindingShape, type Finding } from '../checks/finding';
import { PHASES, PROJECT_AGENTS, type Phase, type ProjectAgent } from '../job';

/** What a step of a job is made of; sealed in the run. */
export const JobBodyShape = z.object({
  agent: z.enum(PROJECT_AGENTS),
  phase: z.enum(['analyse', 'specify', 'outline', 'contracts', 'plan', 'write', 'check', 'review', 'ask']),
  projectId: z.string(),
});
export type JobBody = z.infer<typeof JobBodyShape>;

export const JobInputShape = z.record(z.string(), z.unknown());

export const JobResultShape = z.object({
  changes: z.array(z.object({ path: z.string(), change: z.enum(['created', 'updated', 'deleted']) })),
  findings: z.array(FindingShape),
  requirements_updated: z.boolean(),
});

/** What a job has done, beside what it says. */
export type JobResult = z.infer<typeof JobResultShape>;

export const NO_RESULT: JobResult = { changes: [], findings: [], requirements_updated: false };

/** The phases of an agent, one after the other. Without a model only those that need none. */
export function jobSteps(agent: ProjectAgent, projectId: string, hasModel: boolean): NewStep[] {
  const phases = PHASES[agent].filter((phase) => hasModel || phase === 'check');
  return phases.map((phase, index) => ({
    name: phase,
    kind: phase === 'check' ? 'tool' : 'agent',
    dependsOn: index === 0 ? [] : [index - 1],
    body: { agent, phase, projectId } satisfies JobBody,
  }));
}

/** What the steps before have given, and how an agent reads it. */
export function earlierWork(
  results: ReadonlyMap<number, StepResult>,
  phaseOf: (node: number) => Phase | undefined,
): { readonly result: JobResult; readonly previous: { agent: string; response: string; actions: [] }[] } {
  const ended = [...results].sort(([a], [b]) => a - b);
  const done = ended.flatMap(([node, { output }]) => (output ? [{ node, output }] : []));
  const given = done.map(({ output }) => JobResultShape.catch(NO_RESULT).parse(output.result));
  return {
    result: given.reduce(merged, NO_RESULT),
    previous: done.map(({ node, output }) => ({
      agent: phaseOf(node) ?? 'step',
      response: [output.response, findingsText(JobResultShape.catch(NO_RESULT).parse(output.result).findings)]
        .filter((text) => text !== '')
        .join('\n'),
      actions: [],
    })),
  };
}

export function merged(a: JobResult, b: JobResult): JobResult {
  return {
    changes: [...a.changes.filter(({ path }) => !b.changes.some((change) => change.path === path)), ...b.changes],
    findings: b.findings.length > 0 ? b.findings : a.findings,
    requirements_updated: a.requirements_updated || b.requirements_updated,
  };
}

export function findingsText(findings: readonly Finding[]): string {
  return findings.map(({ path, line, severity, message }) => `${path}:${line} ${severity}: ${message}`).join('\n');
}
