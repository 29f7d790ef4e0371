import type { MaskedText } from '../text/masked-text';
import { amountAt } from './date-atoms';
import { dateWordsOf } from './date-words';

type Amount = NonNullable<ReturnType<typeof amountAt>>;

/** "another week", "noch zwei Tage", "una settimana in più": an amount of time on top of what something has. */
export function extraAmount(masked: MaskedText): (Amount & { readonly start: number }) | undefined {
  const words = dateWordsOf(masked.lexicon);
  const extra = masked.lexicon.set(masked.lexicon.data.dates.extra);
  for (let at = 0; at < masked.tokens.length; at += 1) {
    if (!masked.isFree(at)) continue;
    const lead = extra.at(masked.tokens, at);
    const amount = amountAt(masked.tokens, at, words) ?? (lead && amountAt(masked.tokens, lead.end, words));
    if (amount && (lead || extra.at(masked.tokens, amount.end)))
      return { ...amount, start: at, end: extra.at(masked.tokens, amount.end)?.end ?? amount.end };
    // "two more weeks"
    const number = words.numbers.at(masked.tokens, at)?.end ?? (/^\d{1,3}$/.test(masked.word(at)) ? at + 1 : undefined);
    const inner = number === undefined ? undefined : extra.at(masked.tokens, number);
    const unit = inner && words.units.at(masked.tokens, inner.end);
    const value = words.numbers.at(masked.tokens, at)?.value ?? Number(masked.word(at));
    if (unit) return { value, unit: unit.value, start: at, end: unit.end };
  }
  return undefined;
}
