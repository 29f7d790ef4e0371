import { DE } from '../lexicon/de';
import { EN } from '../lexicon/en';
import { ES } from '../lexicon/es';
import { FR } from '../lexicon/fr';
import { IT } from '../lexicon/it';
import {
  ENTITY_TYPES,
  type EntityType,
  type Language,
  type Lexicon,
  type Phrases,
  type Verb,
} from '../lexicon/lexicon';
import { fold } from './clean';
import { inflected } from './inflections';
import { PhraseIndex, phraseSet } from './phrase-index';
import { tokenize } from './tokens';

export interface Noun {
  readonly type: EntityType;
  readonly many: boolean;
}

/** A lexicon with its phrases indexed; made once for each language when the library is loaded. */
export class CompiledLexicon {
  readonly nouns = new PhraseIndex<Noun>();
  readonly verbs = new PhraseIndex<Verb>();
  readonly frequent: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  readonly calendar: ReadonlySet<string>;
  private readonly words = new Map<Phrases, ReadonlySet<string>>();
  private readonly sets = new Map<Phrases, PhraseIndex<true>>();

  constructor(readonly data: Lexicon) {
    this.frequent = wordSet(data.functionWords);
    for (const type of ENTITY_TYPES) {
      // Loanwords: people say "task" and "milestone" in every language.
      const english = data.language === 'en' || type === 'figure' ? { one: '', many: '' } : loaned(type, data);
      this.nouns.add(english.many, { type, many: true }).add(english.one, { type, many: false });
      this.nouns.add(data.entities[type].many, { type, many: true });
      this.nouns.add(data.entities[type].one, { type, many: false });
    }
    for (const verb of VERBS) this.verbs.add(data.verbs[verb], verb);
    for (const verb of INFLECTED) this.verbs.add(this.otherForms(verb), verb);
    const { weekdays, months, days } = data.dates;
    this.calendar = wordSet([...weekdays, ...months, days[1] ?? '', days[2] ?? ''].join('|'));
    this.known = new Set([...this.verbs.words(), ...this.nouns.words()]);
  }

  /** Forms that the lexicon does not list and that mean nothing else in it. */
  private otherForms(verb: Verb): Phrases {
    const { language } = this.data;
    const forms = this.data.verbs[verb].split('|').flatMap((phrase) => inflected(phrase, language));
    const free = forms
      .map((form) => ({ form, word: fold(form) }))
      .filter(
        ({ word }) => word.length > 3 && !this.verbs.has(word) && !this.nouns.has(word) && !this.frequent.has(word),
      );
    return [...new Set(free.map(({ form }) => form))].join('|');
  }

  /** How many indexes there are: a message behind the warm-up makes no new ones. */
  get indexes(): number {
    return this.sets.size;
  }

  /** Indexes every phrase of the lexicon. */
  warmUp(): void {
    for (const phrases of textsIn(this.data)) this.set(phrases);
  }

  /** The single words of some alternatives. */
  wordsOf(phrases: Phrases): ReadonlySet<string> {
    const known = this.words.get(phrases);
    if (known) return known;
    const made = wordSet(phrases);
    this.words.set(phrases, made);
    return made;
  }

  /** The index of some alternatives of this lexicon. */
  set(phrases: Phrases): PhraseIndex<true> {
    const known = this.sets.get(phrases);
    if (known) return known;
    const made = phraseSet(phrases);
    this.sets.set(phrases, made);
    return made;
  }
}

function textsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data];
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(textsIn) : [];
}

/** Later ones win where two verbs share a phrase of the same length. */
const VERBS: readonly Verb[] = [
  'comment',
  'jot',
  'remind',
  'count',
  'summarise',
  'get',
  'need',
  'rename',
  'assign',
  'complete',
  'reopen',
  'start',
  'restore',
  'archive',
  'reply',
  'schedule',
  'draft',
  'delete',
  'raise',
  'lower',
  'append',
  'approve',
  'reject',
  'move',
  'put',
  'update',
  'create',
  'list',
];

/** What people ask for in many forms. */
const INFLECTED: readonly Verb[] = [
  'create',
  'delete',
  'move',
  'complete',
  'archive',
  'rename',
  'assign',
  'comment',
  'schedule',
  'jot',
  'update',
  'restore',
];

const LOANED: Readonly<Record<EntityType, { readonly one: Phrases; readonly many: Phrases }>> = {
  task: { one: 'task|todo|to do|reminder', many: 'tasks|todos|to dos' },
  comment: { one: '', many: '' },
  checkpoint: { one: 'milestone|checkpoint', many: 'milestones|checkpoints' },
  project: { one: '', many: '' },
  note: { one: '', many: '' },
  event: { one: 'meeting', many: 'meetings' },
  email: { one: 'email|e mail|mail', many: 'emails|mails' },
  figure: { one: '', many: '' },
};

/** A loanword that means something else here is none: "todo" is "all" in Spanish. */
function loaned(type: EntityType, { all }: Lexicon): { readonly one: Phrases; readonly many: Phrases } {
  const taken = new Set(all.split('|'));
  const free = (phrases: Phrases): Phrases =>
    phrases
      .split('|')
      .filter((phrase) => !taken.has(phrase))
      .join('|');
  return { one: free(LOANED[type].one), many: free(LOANED[type].many) };
}

function wordSet(phrases: Phrases): ReadonlySet<string> {
  return new Set(phrases.split('|').flatMap((phrase) => tokenize(phrase).map((token) => fold(token.text))));
}

export const COMPILED: readonly CompiledLexicon[] = [EN, DE, IT, FR, ES].map((data) => new CompiledLexicon(data));

export function lexiconOf(language: Language): CompiledLexicon {
  const found = COMPILED.find(({ data }) => data.language === language) ?? COMPILED[0];
  if (!found) throw new Error('there is a lexicon');
  return found;
}
