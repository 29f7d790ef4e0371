import { invalidField, Problem } from '@adiuva/kernel';
import type { NewStep, RunStep } from '@adiuva/runs';
import { DagStepShape } from './dag-steps';

/** The steps of an execution again: `fromNode` and what depends on it without results, the others with those that they have. */
export function forkedSteps(steps: readonly RunStep[], fromNode: string): NewStep[] {
  const made = steps.map(({ key, name, kind, input, output }) => {
    const body = DagStepShape.safeParse(input);
    if (!body.success) throw new Problem('conflict', { detail: 'This run no longer has what it needs for that' });
    return { key: key ?? '', name, kind, output, body: body.data };
  });
  const first = made.findIndex(({ key }) => key === fromNode);
  if (first < 0) throw invalidField('from_node', 'there is no such node');
  const again = withDependents(
    made.map(({ body }) => body.needs.map(({ step }) => step)),
    first,
  );
  return made.map(({ output, body, ...step }, index) => ({
    ...step,
    dependsOn: body.needs.map((need) => need.step),
    continues: body.continues,
    body,
    ...(output === null || again.has(index) ? {} : { done: output }),
  }));
}

function withDependents(needs: readonly (readonly number[])[], first: number): Set<number> {
  const found = new Set([first]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    needs.forEach((steps, index) => {
      if (steps.some((step) => found.has(step))) found.add(index);
    });
  }
  return found;
}
