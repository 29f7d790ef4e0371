import { newId } from '@adiuva/kernel';
import type { PlanAction, TokenSink, Usage } from '@adiuva/agents';
import type { OutputScrubber } from '@adiuva/prompts';
import type { StepOutcome } from '@adiuva/runs';

interface Answer {
  readonly actions: readonly PlanAction[];
  readonly usage: Usage;
}

/** The text that `produce` emits and its actions, without leaks, as the result of a step. */
export async function stepAnswer(
  scrubber: OutputScrubber,
  produce: (emit: TokenSink) => Promise<Answer>,
): Promise<StepOutcome> {
  const response: string[] = [];
  const { actions: made, usage } = await produce((text) => {
    if (scrubber.leaked) return false;
    response.push(scrubber.text.push(text));
    return scrubber.leaked ? false : undefined;
  });
  response.push(scrubber.text.end());
  const clean = await scrubber.actions(made.map(scannedData));
  const actions = made.map((action, index) => ({
    id: newId(),
    ...action,
    data: action.data && { ...action.data, ...clean[index] },
  }));
  return { kind: 'done', output: { response: response.join(''), actions }, usage };
}

/** The fields that a model has written: the server makes the id of a created record. */
function scannedData({ type, data }: PlanAction): Readonly<Record<string, unknown>> {
  if (type !== 'create_record') return { ...data };
  const { id: _, ...fields } = data ?? {};
  return fields;
}
