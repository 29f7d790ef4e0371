import { contextOf } from '../entities/assistant-context';
import { LANGUAGES } from '../lexicon/lexicon';
import { repliesIn } from '../lexicon/replies/reply-texts';
import { dateWordsOf } from '../slots/date-words';
import { clean } from '../text/clean';
import { COMPILED } from '../text/compiled-lexicon';
import { vocabularyOf } from '../text/typo-correction';
import { sayDate } from './date-text';
import { respond } from './respond';

/** Reads one dated sentence of each language, so that the first message does not pay for indexes and date formats. */
export function warmUp(now: number): void {
  const context = contextOf('', () => now);
  for (const language of LANGUAGES) {
    const message = clean(repliesIn(language).example['task'] ?? '');
    respond({ message, context, history: [], tools: [], outcomes: [] });
    sayDate(now, context, language);
  }
  for (const lexicon of COMPILED) {
    lexicon.warmUp();
    vocabularyOf(lexicon);
    dateWordsOf(lexicon);
  }
}

/** How many indexes of phrases there are; what is warmed up makes no new ones. */
export function compiledIndexes(): number {
  return COMPILED.reduce((sum, lexicon) => sum + lexicon.indexes, 0);
}
