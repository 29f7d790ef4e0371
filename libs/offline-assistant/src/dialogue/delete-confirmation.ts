import type { HistoryMessage } from '../entities/coreference';
import { ENTITY_TYPES, LANGUAGES, type EntityType, type Language } from '../lexicon/lexicon';
import { fill, repliesIn } from '../lexicon/replies/reply-texts';
import { lexiconOf } from '../text/compiled-lexicon';
import { fold } from '../text/clean';
import { tokenize } from '../text/tokens';

/** The question about a delete that the assistant asked last. */
export interface Confirmed {
  readonly type: EntityType;
  readonly name: string;
  readonly language: Language;
}

const MAX_ANSWER = 60;
const MAX_QUESTION = 700;

/** The question before a delete; `confirmedIn` and `refusedIn` recognise it in the history by these very words. */
export function confirmDelete(type: EntityType, name: string, language: Language): string {
  const replies = repliesIn(language);
  const hint = type === 'project' ? replies.archiveHint : replies.confirmHint;
  return fill(replies.confirmDelete, { the: replies.the[type], name: name.replace(/\s+/g, ' '), hint });
}

/** Set only when the assistant's last words were that question and the user's whole answer is a short yes. */
export function confirmedIn(message: string, history: readonly HistoryMessage[]): Confirmed | undefined {
  return answers(message, 'yes') && !answers(message, 'no') ? askedIn(history) : undefined;
}

export function refusedIn(message: string, history: readonly HistoryMessage[]): Confirmed | undefined {
  return answers(message, 'no') ? askedIn(history) : undefined;
}

function askedIn(history: readonly HistoryMessage[]): Confirmed | undefined {
  const last = history.at(-1);
  if (last?.role !== 'assistant') return undefined;
  const text = last.text.slice(-MAX_QUESTION);
  for (const language of LANGUAGES) {
    for (const type of ENTITY_TYPES) {
      const [before = '', after = ''] = parts(type, language);
      const at = text.lastIndexOf(before);
      const hint = type === 'project' ? repliesIn(language).archiveHint : repliesIn(language).confirmHint;
      const name = text.slice(at + before.length, text.length - after.length - hint.length);
      if (at >= 0 && text.endsWith(after + hint) && name !== '' && !name.includes('\n'))
        return { type, name, language };
    }
  }
  return undefined;
}

function parts(type: EntityType, language: Language): string[] {
  const replies = repliesIn(language);
  return fill(replies.confirmDelete, { the: replies.the[type], name: '\n', hint: '' }).split('\n');
}

/** The message begins with such a word, is short, and says nothing else. */
function answers(message: string, kind: 'yes' | 'no'): boolean {
  const text = message.trim();
  if (
    text.length > MAX_ANSWER ||
    /\b(?:but|instead|create|add|aber|stattdessen|ma|invece|mais|plutot|pero|mejor|crea|cree|erstelle)\b/.test(
      fold(text),
    )
  )
    return false;
  const tokens = tokenize(text);
  return LANGUAGES.some(
    (language) => lexiconOf(language).set(lexiconOf(language).data.smallTalk[kind]).at(tokens, 0) !== undefined,
  );
}
