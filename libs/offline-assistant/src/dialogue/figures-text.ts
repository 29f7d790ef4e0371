import type { AssistantContext } from '../entities/assistant-context';
import type { Language } from '../lexicon/lexicon';
import { fill } from '../lexicon/replies/reply-texts';
import type { Replies } from '../lexicon/replies/replies';
import { shorten } from '../text/title-text';
import { isRow, rowsIn, type Row } from './entity-resolver';
import { sayDate } from './date-text';

const MAX_ROWS = 20;
const MAX_MEMBERS = 30;

/** Figures as sentences: counts with their meaning, and the names behind them; never a dump of members. */
export function figuresText(result: unknown, replies: Replies, language: Language, context: AssistantContext): string {
  if (typeof result === 'string' || typeof result === 'number') return String(result);
  const rows = rowsIn(Array.isArray(result) ? result : [result]).slice(0, MAX_ROWS);
  const lines = rows.flatMap((row) => linesOf(row, replies, language, context));
  return lines.length === 0 ? replies.nothingToCount : lines.join('\n');
}

function linesOf(row: Row, replies: Replies, language: Language, context: AssistantContext): string[] {
  const week = row['week_ending'];
  const counts = Object.entries(row).filter(
    ([name, value]) => typeof value === 'number' && name !== 'from' && name !== 'to',
  );
  const plain = counts.slice(0, MAX_MEMBERS).map(([name, value]) => `${String(value)} ${wordFor(name, replies)}`);
  if (typeof week === 'string' && !Number.isNaN(Date.parse(week)))
    return [
      fill(replies.weekEnding, {
        date: sayDate(Date.parse(week), { ...context, zone: 'UTC' }, language),
        text: plain.join(', '),
      }),
    ];
  const texts = Object.entries(row).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'id' ? [`${wordFor(name, replies)}: ${shorten(value, 200)}`] : [],
  );
  const nested = Object.entries(row).flatMap(([name, value]) =>
    name === 'period' ? [] : groupOf(name, value, replies, language),
  );
  return [...(plain.length > 0 ? [sentence(plain.join(', '))] : []), ...texts, ...nested];
}

/** "Tasks: 3 done (A, B, C), 1 overdue (D)." */
function groupOf(name: string, value: unknown, replies: Replies, language: Language): string[] {
  if (!isRow(value)) return [];
  const members = Object.entries(value)
    .slice(0, MAX_MEMBERS)
    .flatMap(([member, inner]) => {
      if (typeof inner === 'number') return [`${inner} ${wordFor(member, replies)}`];
      const count = isRow(inner) ? inner['count'] : undefined;
      if (!isRow(inner) || typeof count !== 'number') return [];
      const titles = Array.isArray(inner['titles'])
        ? inner['titles'].filter((title) => typeof title === 'string').slice(0, 5)
        : [];
      return [
        `${count} ${wordFor(member, replies)}${titles.length > 0 ? ` (${titles.map((title) => shorten(title, 80)).join(', ')})` : ''}`,
      ];
    });
  const colon = language === 'fr' ? ' :' : ':';
  return members.length > 0 ? [`${wordFor(name, replies)}${colon} ${sentence(members.join(', '))}`] : [];
}

function wordFor(name: string, replies: Replies): string {
  return replies.figures[name] ?? name.replaceAll('_', ' ');
}

function sentence(text: string): string {
  return `${text}.`;
}
