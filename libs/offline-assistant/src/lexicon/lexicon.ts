export const LANGUAGES = ['en', 'de', 'it', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The kinds of things that commands are about. `figure` is what analytics counts. */
export const ENTITY_TYPES = ['task', 'comment', 'checkpoint', 'project', 'note', 'event', 'email', 'figure'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** What a verb of command means; several words of a language share one meaning. */
export type Verb =
  | 'create'
  | 'remind'
  | 'jot'
  | 'schedule'
  | 'draft'
  | 'reply'
  | 'comment'
  | 'delete'
  | 'update'
  | 'put'
  | 'move'
  | 'complete'
  | 'start'
  | 'reopen'
  | 'archive'
  | 'restore'
  | 'rename'
  | 'assign'
  | 'raise'
  | 'lower'
  | 'append'
  | 'approve'
  | 'reject'
  | 'list'
  | 'get'
  | 'count'
  | 'summarise'
  | 'need';

/**
 * Alternatives separated by `|`, in native spelling; case, accents and hyphens do not matter. In verbs `…` marks where
 * other words come between ("leg … an").
 */
export type Phrases = string;

export interface DateLexicon {
  /** Days by their distance from today. */
  readonly days: Readonly<Record<number, Phrases>>;
  /** Monday first. */
  readonly weekdays: readonly Phrases[];
  readonly months: readonly Phrases[];
  /** Before or behind a weekday, a week or a month. */
  readonly next: Phrases;
  readonly this: Phrases;
  readonly last: Phrases;
  /** "of next week" behind a weekday, and "next week" alone. */
  readonly nextWeek: Phrases;
  readonly thisWeek: Phrases;
  readonly lastWeek: Phrases;
  readonly nextMonth: Phrases;
  readonly thisMonth: Phrases;
  readonly lastMonth: Phrases;
  readonly endOfWeek: Phrases;
  readonly endOfNextWeek: Phrases;
  readonly endOfMonth: Phrases;
  readonly endOfDay: Phrases;
  readonly endOfYear: Phrases;
  readonly weekend: Phrases;
  /** In front of a month: "end of March". */
  readonly startOf: Phrases;
  readonly midOf: Phrases;
  readonly endOf: Phrases;
  /** Parts of a day; those that say today by themselves ("tonight") are also in `days`. */
  readonly parts: Readonly<Record<DayPart, Phrases>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly ordinals: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<DateUnit, Phrases>>;
  readonly in: Phrases;
  readonly fromNow: Phrases;
  readonly fortnight: Phrases;
  readonly weekFromToday: Phrases;
  /** Behind a weekday: a week later ("Thursday week"). */
  readonly weekLater: Phrases;
  /** "half past seven": added to the hour that follows. `halfBefore` is "halb acht". */
  readonly halfPast: Phrases;
  readonly halfBefore: Phrases;
  readonly quarterPast: Phrases;
  readonly quarterTo: Phrases;
  readonly threeQuarters: Phrases;
  /** Behind an hour: "sette e mezza". */
  readonly andHalf: Phrases;
  readonly andQuarter: Phrases;
  readonly lessQuarter: Phrases;
  readonly at: Phrases;
  readonly oclock: Phrases;
  /** Words that lead to a date and belong to it. */
  readonly lead: Phrases;
  readonly rangeFrom: Phrases;
  readonly rangeTo: Phrases;
  /** Days with a name, as month-day, and times with a name, as hour:minute. */
  readonly named: Readonly<Record<string, Phrases>>;
  readonly overdue: Phrases;
  /** "by two days" of a shift, and the words that make it go back in time. */
  readonly by: Phrases;
  readonly earlier: Phrases;
  /** Beside an amount of time: on top of what something has ("another week"). */
  readonly extra: Phrases;
}

export type DayPart = 'morning' | 'noon' | 'afternoon' | 'evening' | 'night' | 'midnight';
export type DateUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

export interface Lexicon {
  readonly language: Language;
  /** Frequent words by which the language is recognised. */
  readonly functionWords: Phrases;
  readonly entities: Readonly<Record<EntityType, { readonly one: Phrases; readonly many: Phrases }>>;
  /** Words that mean an event where no other noun is. */
  readonly eventWords: Phrases;
  readonly verbs: Readonly<Record<Verb, Phrases>>;
  /** Pronouns that are written at the end of a verb ("spostala"). */
  readonly enclitics: Phrases;
  /** Courtesy and filling words at either end of a command. */
  readonly fillers: Phrases;
  /** Words that say nothing of their own beside what a command is about: "und zwar", "separately", "at the latest". */
  readonly asides: Phrases;
  /** Openers of a request in the middle of a message. */
  readonly asksFor: Phrases;
  readonly negators: Phrases;
  /** "no task": a negated noun in front of a verb that would create or delete. */
  readonly noneOf: Phrases;
  /** What a value is not: "not at 9", "instead of 'B'", up to "but" or a mark; `anyMore` belongs to what is denied. */
  readonly contrast: Readonly<Record<'instead' | 'denies' | 'but' | 'anyMore', Phrases>>;
  readonly determiners: Phrases;
  readonly prepositions: Phrases;
  readonly adjectives: Phrases;
  readonly and: Phrases;
  readonly then: Phrases;
  /** In front of a new value: "to", "as". */
  readonly into: Phrases;
  readonly pronouns: Phrases;
  /** The project that was spoken of: "in it", "in the same project". */
  readonly samePlace: Phrases;
  /** What was said of one thing holds for another: "the kitchen too". */
  readonly too: Phrases;
  /** What follows holds for every step: "both for Saturday". */
  readonly both: Phrases;
  /** Each of several items is one of its own. */
  readonly each: Phrases;
  readonly second: Phrases;
  /** In place of a noun that was said before: "another one". */
  readonly anotherOne: Phrases;
  /** The plainest verb for something new. */
  readonly creates: string;
  readonly taskLists: Phrases;
  readonly calendars: Phrases;
  readonly all: Phrases;
  readonly questions: Phrases;
  /** Questions about how something is done ask for no list. */
  readonly howTo: Phrases;
  readonly due: Phrases;
  readonly agenda: Phrases;
  readonly client: Phrases;
  readonly priorities: Readonly<Record<'high' | 'medium' | 'low', Phrases>>;
  /** Words that mean a priority without the noun beside them. */
  readonly urgent: Phrases;
  readonly relaxed: Phrases;
  readonly priorityNouns: Phrases;
  readonly statuses: Readonly<Record<'todo' | 'in_progress' | 'done', Phrases>>;
  readonly statusNouns: Phrases;
  readonly archived: Phrases;
  readonly active: Phrases;
  /** Statements that change a status: "X is done". */
  readonly isDone: Phrases;
  readonly isStarted: Phrases;
  /** Before what a person finished: "I finished X", "paid X". */
  readonly haveDone: Phrases;
  readonly haveStarted: Phrases;
  readonly notNeeded: Phrases;
  /** Between a thing and its new name. */
  readonly shallBeCalled: Phrases;
  /** Words about a name, beside a quoted new one. */
  readonly naming: Phrases;
  /** Between a thing and the project that it is put into. */
  readonly belongs: Phrases;
  /** Between an event and its new place. */
  readonly takesPlace: Phrases;
  readonly deadlineOf: Phrases;
  readonly labels: Readonly<Record<'title' | 'description' | 'content' | 'saying' | 'about' | 'location', Phrases>>;
  readonly assignTo: Phrases;
  readonly forPerson: Phrases;
  /** Behind a person that takes a task over: "Ben can take". */
  readonly takesOver: Phrases;
  readonly mustDo: Phrases;
  readonly with: Phrases;
  readonly place: Phrases;
  readonly orderBy: Phrases;
  readonly trend: Phrases;
  readonly report: Phrases;
  readonly smallTalk: Readonly<Record<'hello' | 'thanks' | 'help' | 'yes' | 'no', Phrases>>;
  /** First verbs of things to do, so that "buy milk tomorrow" is a task. */
  readonly chores: Phrases;
  readonly dates: DateLexicon;
}
