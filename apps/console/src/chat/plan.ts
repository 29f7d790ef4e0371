import type { ExecutionPlanDto, PlanActionDto, PlanStepDto } from '@adiuva/client';

/** What carries single steps out. */
export interface PlanWork {
  /** Runs a template on the server, and gives what a model wrote. */
  readonly prompt: (template: string, variables: Values) => Promise<string>;
  /** Reads records of this browser. */
  readonly read: (tool: string, input: Values) => unknown;
  /** Gives the answer of an agent. */
  readonly ask: (agent: string, message: string) => Promise<string>;
  readonly act: (action: PlanActionDto) => Promise<void>;
}

export type Values = Readonly<Record<string, unknown>>;

/** The inputs that a playbook leaves to the user: `{{name}}` in its steps. */
export function inputsOf({ steps }: ExecutionPlanDto): readonly string[] {
  const names = [...JSON.stringify(steps).matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
  return [...new Set(names)];
}

/** Does one step, which may use the outcomes of those before it. Gives its own outcome. */
export async function runStep(
  step: PlanStepDto,
  inputs: Readonly<Record<string, string>>,
  outcomes: readonly unknown[],
  work: PlanWork,
): Promise<unknown> {
  const variables = Object.fromEntries(
    Object.entries(step.variables).map(([name, value]) => [name, filled(value, inputs)]),
  );
  const data = step.data_from_step === null ? undefined : outcomes[step.data_from_step];
  switch (step.action) {
    case 'run_prompt':
      return work.prompt(step.prompt_template ?? '', data === undefined ? variables : { ...variables, data });
    case 'read_records':
      return work.read(String(variables['tool']), objectOf(variables['arguments']));
    case 'call_agent': {
      const message = data === undefined ? [variables['message']] : [variables['message'], textOf(data)];
      return work.ask(String(variables['agent']), message.join('\n\n'));
    }
    case 'send_notification':
      return work.act(
        actionOf(step.action, null, data === undefined ? variables : { text: textOf(data), ...variables }),
      );
    case 'create_record':
    case 'update_record':
    case 'delete_record':
    case 'index_document': {
      const table = String(variables['table']);
      const given = objectOf(variables['data']);
      const records = data === undefined ? [given] : recordsOf(data, table).map((record) => ({ ...given, ...record }));
      for (const record of records) await work.act(actionOf(step.action, table, record));
      return records;
    }
  }
}

/** The records that an outcome has: a list, the part of an object that is named like the table, or one with the text. */
export function recordsOf(outcome: unknown, table: string): readonly Values[] {
  const value = typeof outcome === 'string' ? parsed(outcome) : outcome;
  if (Array.isArray(value)) return value.filter(isObject);
  if (isObject(value)) {
    const part = value[table];
    return Array.isArray(part) ? part.filter(isObject) : [value];
  }
  const text = textOf(value);
  return [{ title: (text.split('\n')[0] ?? '').replace(/^#+\s*/, ''), content: text }];
}

function actionOf(type: PlanActionDto['type'], table: string | null, data: Values): PlanActionDto {
  return { type, table, data, agent: null };
}

function filled(value: unknown, inputs: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return value.replace(/\{\{(\w+)\}\}/g, (all, name: string) => inputs[name] ?? all);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part, inputs)]));
}

/** A model writes JSON with or without a fence around it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\s*```\w*\n|\n```\s*$/g, ''));
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): Values {
  return isObject(value) ? value : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
