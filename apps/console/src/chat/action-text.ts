import type { PlanActionDto, PlanStepDto, RunActionDto } from '@adiuva/client';
import { dateTime } from '../texts/format';
import { hasText, t } from '../texts/texts';

const MAX_VALUE = 80;

type Action = Pick<PlanActionDto | RunActionDto, 'type' | 'table' | 'data'> & { readonly agent?: string | null };

/** What kind of action it is: `New in notes`. */
export function actionTitle({ type, table }: Pick<Action, 'type' | 'table'>): string {
  const key = `table.${table ?? ''}`;
  return t(`chat.action.${type}`, { table: hasText(key) ? t(key) : (table ?? '') });
}

/** What an action is about, in the words of its data. */
export function subjectOf({ data, agent }: Pick<Action, 'data' | 'agent'>): string {
  const { title, name, message, due_date: due } = data ?? {};
  const parts = [title ?? name ?? message, typeof due === 'number' ? dateTime(due) : undefined, agent];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');
}

export function stepTitle({ action, variables }: PlanStepDto): string {
  if (action === 'run_prompt' || action === 'read_records') return t(`chat.step.${action}`);
  const { table } = variables;
  if (action === 'call_agent' || typeof table !== 'string') return t(`chat.step.${action}`);
  return actionTitle({ type: action, table });
}

/** The record that a step makes, or its variables. */
export function stepText({ prompt_template: template, variables }: PlanStepDto): string {
  const { data, table: _, ...others } = variables;
  const isRecord = typeof data === 'object' && data !== null;
  const subject = isRecord ? subjectOf({ data: { ...data } }) : '';
  const parts = Object.entries(subject === '' && isRecord ? { ...others, data } : others);
  return [template, subject, ...parts.map(([name, value]) => `${name}: ${shortText(value)}`)]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}

function shortText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)} …` : text;
}
