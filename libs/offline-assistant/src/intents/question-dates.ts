import { dateWordsOf } from '../slots/date-words';
import type { ClauseFeatures } from './clause-features';

/** Whether a question names a day, a week or what is overdue. */
export function hasTime({ masked, lexicon }: ClauseFeatures): boolean {
  const words = dateWordsOf(lexicon);
  return (
    masked.tokens.some(
      (_, at) =>
        words.days.at(masked.tokens, at) ?? words.weekdays.at(masked.tokens, at) ?? words.spans.at(masked.tokens, at),
    ) || lexicon.set(lexicon.data.dates.overdue).all(masked.tokens).length > 0
  );
}

export function isToday({ masked, lexicon, nouns }: ClauseFeatures): boolean {
  const words = dateWordsOf(lexicon);
  const today = masked.tokens.some((_, at) => words.days.at(masked.tokens, at)?.value === 0);
  const status = [lexicon.data.statuses.done, lexicon.data.statuses.in_progress].some(
    (phrases) => lexicon.set(phrases).all(masked.tokens).length > 0,
  );
  const priority = lexicon.set(lexicon.data.priorityNouns).all(masked.tokens).length > 0;
  const done = masked.tokens.some(({ word }, at) => word === 'done' && masked.word(at - 1) === 'get');
  return today && (!status || done) && !priority && !nouns.some(({ type }) => type === 'comment');
}

export function isDateWord({ masked, lexicon }: ClauseFeatures, at: number): boolean {
  const { days, weekdays, spans, units, parts, lead } = dateWordsOf(lexicon);
  const word = masked.word(at);
  return (
    [days, weekdays, spans, units, parts, lead].some((index) => index.has(word)) ||
    lexicon.wordsOf(lexicon.data.dates.overdue).has(word) ||
    lexicon.wordsOf(lexicon.data.dates.nextWeek).has(word)
  );
}
