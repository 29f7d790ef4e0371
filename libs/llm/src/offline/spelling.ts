const WORDS = [
  'create',
  'task',
  'tasks',
  'todo',
  'remind',
  'make',
  'mark',
  'done',
  'project',
  'projects',
  'note',
  'notes',
  'milestone',
  'milestones',
  'checkpoint',
  'checkpoints',
  'delete',
  'remove',
  'archive',
  'rename',
  'update',
  'change',
  'schedule',
  'meeting',
  'calendar',
  'email',
  'show',
  'list',
  'search',
  'comment',
  'complete',
  'finish',
  'priority',
  'assign',
  'move',
  'postpone',
  'report',
];
const FIRST_WORDS = 5;

/**
 * Corrects command words with one slip of the fingers, at the beginning and after "as"; for clauses that made no
 * sense as they are.
 */
export function corrected(text: string): string {
  let seen = 0;
  let before = '';
  return text.replace(/[\p{L}]+/gu, (word) => {
    seen += 1;
    const candidate = seen <= FIRST_WORDS || before === 'as';
    before = word.toLowerCase();
    if (!candidate || word.length < 3 || word.length > 12 || WORDS.includes(before)) return word;
    return WORDS.find((known) => oneSlip(before, known)) ?? word;
  });
}

/** One letter more, less, other or swapped with its neighbour; the first letter is right. */
function oneSlip(typed: string, meant: string): boolean {
  if (typed.charAt(0) !== meant.charAt(0) || Math.abs(typed.length - meant.length) > 1) return false;
  let start = 0;
  while (start < typed.length && typed.charAt(start) === meant.charAt(start)) start += 1;
  const [rest, goal] = [typed.slice(start), meant.slice(start)];
  const swapped = rest.charAt(1) + rest.charAt(0) + rest.slice(2);
  return (
    rest.slice(1) === goal ||
    rest === goal.slice(1) ||
    (rest.length > 1 && (rest.slice(1) === goal.slice(1) || swapped === goal))
  );
}
