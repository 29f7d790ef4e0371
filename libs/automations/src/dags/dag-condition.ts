import type { Condition } from './dag';
import { memberAt, textOf } from './dag-template';

/** Whether the output of the earlier node is as the condition says. Numbers that are written as text compare as numbers. */
export function holds({ path, operator, value }: Condition, output: unknown): boolean {
  const actual = memberAt(output, path === null ? [] : path.split('.'));
  switch (operator) {
    case 'equals':
      return isEqual(actual, value);
    case 'not_equals':
      return !isEqual(actual, value);
    case 'contains':
      return contains(actual, value);
    case 'greater_than':
      return numberOf(actual) > numberOf(value);
    case 'less_than':
      return numberOf(actual) < numberOf(value);
    case 'exists':
      return actual !== undefined && actual !== null;
    case 'empty':
      return isEmpty(actual);
    case 'not_empty':
      return !isEmpty(actual);
  }
}

function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' || typeof other === 'number') return numberOf(one) === numberOf(other);
  return textOf(one).trim() === textOf(other).trim();
}

function contains(actual: unknown, value: unknown): boolean {
  if (Array.isArray(actual)) return actual.some((item) => isEqual(item, value));
  return textOf(actual).toLowerCase().includes(textOf(value).toLowerCase());
}

function isEmpty(actual: unknown): boolean {
  if (typeof actual === 'object' && actual !== null) return Object.keys(actual).length === 0;
  return textOf(actual).trim() === '';
}

/** NaN, which compares to nothing, for what is no number. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}
