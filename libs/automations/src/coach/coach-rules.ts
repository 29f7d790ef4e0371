import { Temporal } from 'temporal-polyfill';
import { readTiming, splitGoal } from '@adiuva/offline-assistant';
import { CATEGORIES, type Classes, type CoachInput, type Patterns, type Plan, type Timetable } from './coach';

/** What an agent of the coach knows beside the plan. */
export interface CoachFacts {
  readonly input: CoachInput;
  readonly now: Date;
  readonly memories: readonly string[];
}

type Category = (typeof CATEGORIES)[number];

const MIN_FINISHED = 3;
const MAX_OBSERVED = 200;

/** Beginnings of words, without accents, in the languages of the assistant. */
const CATEGORY_WORDS: Readonly<Record<Exclude<Category, 'other'>, RegExp>> = {
  health:
    /\b(?:run|jog|gym|yoga|sport|train|walk|swim|medit|sleep|weight|doctor|dentist|health|diet|fit|lauf|schwimm|schlaf|arzt|zahnarzt|gesund|abnehm|corr|palestra|camminat|nuot|dorm|medic|dentist|salute|dimagr|cour|nager|dormir|sante|medecin|gimnasi|nadar|salud|adelgaz)/,
  work: /\b(?:work|client|meeting|report|project|boss|job|career|arbeit|kund|besprech|bericht|beruf|lavor|client|riunion|relazion|carrier|travail|reunion|rapport|trabaj|informe|carrera)/,
  learning:
    /\b(?:learn|study|read|course|exam|lesson|practi|vocab|book|lern|stud|les|kurs|prufung|ubung|vokabel|buch|impar|legg|corso|esam|lezion|esercit|libr|appren|etudi|lire|cours|examen|lecon|aprend|leer|clase|repas)/,
  finance:
    /\b(?:money|sav|budget|tax|invoice|bank|debt|geld|spar|steuer|rechnung|schuld|soldi|risparm|tass|fattur|debit|argent|epargn|impot|factur|dette|dinero|ahorr|impuest|gasto)/,
  home: /\b(?:clean|house|home|garden|plant|kitchen|laundr|repair|putz|haus|garten|pflanz|kuche|wasch|reparier|puli|casa|giardin|piant|cucin|bucat|ripar|nettoy|maison|jardin|cuisin|lessive|limpi|planta|cocin)/,
  people:
    /\b(?:call|friend|family|mother|father|mum|birthday|visit|invite|anruf|freund|famili|mutter|vater|geburtstag|besuch|chiam|amic|famigl|madre|padre|compleann|visit|appel|ami|famille|mere|pere|anniversaire|llam|amig|cumpleanos)/,
  leisure:
    /\b(?:film|movie|guitar|piano|music|game|travel|trip|holiday|paint|hobby|gitarre|klavier|musik|spiel|reise|urlaub|mal|chitarra|pianoforte|music|gioc|viagg|vacanz|guitare|jeu|voyage|vacances|guitarra|jueg|viaj)/,
};

/** The agents of the coach without a model: rules over the words of the goal and over the recent tasks. Pure. */
export function planByRules({ input, now }: CoachFacts): Plan {
  const { title, steps } = splitGoal(input.text, () => now.getTime());
  return {
    title,
    summary: undefined,
    tasks: steps.map(({ title: text, timing }) => ({ title: text, description: undefined, timing })),
  };
}

export function classesByRules(plan: Plan): Classes {
  const tasks = plan.tasks.map(({ title, timing = '' }, task) => {
    const words = folded(`${title} ${timing}`);
    const category = CATEGORIES.find((name) => name !== 'other' && CATEGORY_WORDS[name].test(words)) ?? 'other';
    return { task, category, priority: task === 0 ? ('high' as const) : ('medium' as const) };
  });
  return { tasks };
}

export function timetableByRules({ input, now }: CoachFacts, plan: Plan): Timetable {
  const at = { now: now.getTime(), zone: input.timezone, about: input.text };
  const read = plan.tasks.map(({ timing = '' }) => readTiming(timing, at));
  // What repeats ends with the goal.
  const ends = read.flatMap(({ due, recurrence }) => (due !== undefined && recurrence === undefined ? [due] : []));
  const tasks = read.map(
    (
      { recurrence, due = recurrence === undefined || ends.length === 0 ? undefined : Math.max(...ends), time },
      task,
    ) => ({
      task,
      due: due === undefined ? undefined : new Date(due).toISOString(),
      recurrence,
      reminder: time && clock(time.hour, time.minute),
    }),
  );
  return { tasks };
}

export function patternsByRules({ input, now, memories }: CoachFacts, plan: Plan): Patterns {
  const tasks = input.recent_tasks.slice(0, MAX_OBSERVED);
  const open = new Set(
    tasks
      .filter(({ status }) => status !== 'done')
      .map(({ title }) => (typeof title === 'string' ? folded(title) : '')),
  );
  const duplicates = plan.tasks.flatMap(({ title }, task) => (open.has(folded(title)) ? [task] : []));
  const wanted = memories.find((memory) => memory.startsWith('reminders:'));
  const told =
    wanted === undefined
      ? undefined
      : readTiming(wanted, { now: now.getTime(), zone: input.timezone, about: wanted }).time;
  return {
    reminder: told ? clock(told.hour, told.minute) : usualHour(tasks, input.timezone),
    duplicates,
    observations: [],
  };
}

/** The full hour at which most tasks were finished, where that is a habit. */
function usualHour(tasks: CoachInput['recent_tasks'], timezone: string): string | undefined {
  const counts = new Map<number, number>();
  for (const { status, completed_at: at } of tasks) {
    if (status !== 'done' || typeof at !== 'number' || !Number.isSafeInteger(at) || Math.abs(at) > 8.64e15) continue;
    const { hour } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
    counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, one], [, other]) => other - one);
  return best && best[1] >= MIN_FINISHED ? clock(best[0], 0) : undefined;
}

function clock(hour: number, minute: number): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
