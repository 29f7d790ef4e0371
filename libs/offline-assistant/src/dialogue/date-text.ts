import { LRUCache } from 'lru-cache';
import type { AssistantContext } from '../entities/assistant-context';
import type { Language } from '../lexicon/lexicon';
import { toLocal } from '../text/time-zone';

const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 64 });

/** "Thursday 5 March 2026, 17:00" in the user's locale; a day's last minute and its first stand for the whole day. */
export function sayDate(instant: number, context: AssistantContext, language: Language): string {
  if (!Number.isFinite(instant) || Math.abs(instant) > 8.64e15) return '?';
  const local = toLocal(instant, context.zone);
  const locale =
    context.locale.toLowerCase().startsWith(language) && context.locale.length > 2
      ? context.locale
      : language === 'en'
        ? 'en-GB'
        : language;
  const day = formatOf(locale, context.zone, true)
    .format(instant)
    .replace(/^(\p{L}+), (\d)/u, locale === 'en-GB' ? '$1 $2' : '$1, $2');
  const midnight = local.minute === 59 ? local.hour === 23 : local.hour === 0 && local.minute === 0;
  return midnight ? day : `${day}, ${formatOf(locale, context.zone, false).format(instant)}`;
}

function formatOf(locale: string, timeZone: string, day: boolean): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${String(day)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(
    locale,
    day
      ? { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }
      : { timeZone, hour: '2-digit', minute: '2-digit' },
  );
  formats.set(key, made);
  return made;
}
