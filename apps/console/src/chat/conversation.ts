import type { ExecutionPlanDto, PlanActionDto } from '@adiuva/client';
import type { Row } from '../records/row';

export interface Turn {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly agent?: string;
  readonly actions?: readonly ShownAction[];
  /** In place of an answer, where the user asked how it would be done. */
  readonly plan?: ExecutionPlanDto;
  readonly isCarriedOut?: boolean;
}

export interface ShownAction {
  readonly action: PlanActionDto;
  readonly state: 'waiting' | 'done' | 'undone' | 'failed';
}

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: number;
  readonly turns: readonly Turn[];
}

export const CONVERSATIONS = 'conversations';
const MAX_HISTORY = 20;
const MAX_HISTORY_CHARACTERS = 8_000;

export function newConversation(): Conversation {
  return { id: crypto.randomUUID(), title: '', updatedAt: Date.now(), turns: [] };
}

/** Conversations are records like notes: encrypted, and on every device of the user. */
export function toRow({ id, title, updatedAt, turns }: Conversation): Row {
  return { id, title, updated_at: updatedAt, turns };
}

export function fromRow(row: Row): Conversation {
  const turns = Array.isArray(row['turns']) ? row['turns'].filter(isTurn) : [];
  const [title, at] = [row['title'], row['updated_at']];
  return {
    id: row.id,
    title: typeof title === 'string' ? title : '',
    updatedAt: typeof at === 'number' ? at : 0,
    turns,
  };
}

/** The last turns, as many as fit. */
export function historyOf(turns: readonly Turn[]): readonly { role: 'user' | 'assistant'; content: string }[] {
  let room = MAX_HISTORY_CHARACTERS;
  const fitting = turns
    .slice(-MAX_HISTORY)
    .reverse()
    .filter(({ text }) => text !== '' && (room -= text.length) >= 0);
  return fitting.reverse().map(({ role, text }) => ({ role, content: text }));
}

function isTurn(value: unknown): value is Turn {
  return typeof value === 'object' && value !== null && 'id' in value && 'role' in value && 'text' in value;
}
