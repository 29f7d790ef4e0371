import type { Token } from '../text/tokens';
import type { ClockTime, DateAtom } from './date-atom';
import type { DateWords } from './date-words';

const CLOCK = /^(\d{1,2})(?:[:.](\d\d)|h(\d\d)?)?(am|pm|a\.m\.?|p\.m\.?|h|uhr)?\.?$/;

interface Hour {
  readonly time: ClockTime;
  readonly end: number;
  /** It can be nothing but a time of day. */
  readonly sure: boolean;
  readonly valid: boolean;
}

/** "9am", "at 5", "half past seven", "halb acht", "14 bis 16 Uhr", "sette e mezza", "from 10:00 to 11:00". */
export function timeAtom(tokens: readonly Token[], at: number, words: DateWords): DateAtom | undefined {
  const iso = /T(\d\d):(\d\d)/i.exec(tokens[at]?.text ?? '');
  if (iso && tokens[at]?.kind === 'number')
    return {
      kind: 'time',
      start: at,
      end: at + 1,
      time: { hour: Number(iso[1]), minute: Number(iso[2]), certain: true },
    };
  const from = words.rangeFrom.at(tokens, at);
  const range = from ? rangeAt(tokens, from.end, at, words, true) : undefined;
  if (range) return range;
  const lead = words.at.at(tokens, at);
  return (
    rangeAt(tokens, lead?.end ?? at, at, words, lead !== undefined) ??
    single(tokens, lead?.end ?? at, at, words, lead !== undefined)
  );
}

function single(
  tokens: readonly Token[],
  at: number,
  start: number,
  words: DateWords,
  led: boolean,
): DateAtom | undefined {
  const hour = hourAt(tokens, at, words, led);
  if (!hour || !(hour.sure || led)) return undefined;
  if (led && !hour.sure && isCounted(tokens, hour.end, words)) return undefined;
  if (!hour.valid) return { kind: 'invalid', start, end: hour.end };
  return { kind: 'time', start, end: hour.end, time: hour.time };
}

function rangeAt(
  tokens: readonly Token[],
  at: number,
  start: number,
  words: DateWords,
  led: boolean,
): DateAtom | undefined {
  const first = hourAt(tokens, at, words, true);
  if (!first) return undefined;
  const dash = /^[-–—]$/.test(tokens[first.end]?.text ?? '') ? first.end + 1 : undefined;
  const to = words.rangeTo.at(tokens, first.end);
  const behind = dash ?? to?.end;
  if (behind === undefined) return undefined;
  const led2 = words.at.at(tokens, behind);
  const second = hourAt(tokens, led2?.end ?? behind, words, true) ?? noonAt(tokens, behind, words);
  if (!second || !(led || first.sure || second.sure) || !(first.sure || second.sure || dash === undefined || led))
    return undefined;
  if (!first.valid || !second.valid) return { kind: 'invalid', start, end: second.end };
  const certain = second.time.certain;
  const inherits =
    certain &&
    !first.time.certain &&
    second.time.hour >= 12 &&
    first.time.hour + 12 <= second.time.hour &&
    first.time.hour < 12;
  const begin =
    inherits && /pm/.test(tokens[second.end - 1]?.word ?? '')
      ? { ...first.time, hour: first.time.hour + 12 }
      : first.time;
  return {
    kind: 'time',
    start,
    end: second.end,
    time: { ...begin, certain: begin.certain || certain },
    until: second.time,
  };
}

/** "de 11h à midi" */
function noonAt(tokens: readonly Token[], at: number, words: DateWords): Hour | undefined {
  const part = words.parts.at(tokens, at);
  return part?.value === 'noon' ? hour(12, 0, part.end, true, true) : undefined;
}

/** An hour with its minutes; `led` lets a bare number or a number word be one. */
function hourAt(tokens: readonly Token[], at: number, words: DateWords, led: boolean): Hour | undefined {
  const shift = words.before.at(tokens, at);
  if (shift) {
    const base = plainHour(tokens, shift.end, words);
    if (!base) return undefined;
    const minutes = base.value * 60 + shift.value;
    const oclock = words.oclock.at(tokens, base.end);
    return hour(Math.floor(((minutes + 1440) % 1440) / 60), (minutes + 60) % 60, oclock?.end ?? base.end, true, false);
  }
  const minutesTo = minutesPast(tokens, at, words);
  if (minutesTo) return minutesTo;
  const token = tokens[at];
  const clock = token?.kind === 'number' ? CLOCK.exec(token.word) : null;
  if (clock) return clockHour(tokens, at, clock, words);
  const word =
    led || words.oclock.at(tokens, words.numbers.at(tokens, at)?.end ?? at) ? plainHour(tokens, at, words) : undefined;
  return word ? withTail(tokens, word, words) : undefined;
}

/** "ten to five", "twenty past six" */
function minutesPast(tokens: readonly Token[], at: number, words: DateWords): Hour | undefined {
  const minutes = plainNumber(tokens, at, words);
  const link = tokens[minutes?.end ?? at]?.word ?? '';
  if (!minutes || !/^(?:past|nach|vor)$/.test(link)) return undefined;
  const base = plainHour(tokens, minutes.end + 1, words);
  if (!base || minutes.value > 59) return undefined;
  const total = base.value * 60 + (link === 'vor' ? -minutes.value : minutes.value);
  return hour(Math.floor(((total + 1440) % 1440) / 60), (total + 60) % 60, base.end, true, false);
}

function clockHour(tokens: readonly Token[], at: number, clock: RegExpExecArray, words: DateWords): Hour | undefined {
  const [whole, digits = '', colon, french, suffix = ''] = clock;
  const minutes = colon ?? french;
  if (colon !== undefined && whole.includes('.') && (Number(digits) > 24 || Number(colon) > 59)) return undefined;
  let end = at + 1;
  let mark = suffix;
  const next = tokens[end]?.word ?? '';
  if (mark === '' && /^(?:am|pm|a|p)$/.test(next)) {
    const spelled = /^[ap]$/.test(next)
      ? /^[ap](?:m |\.m)/.exec(
          `${next}${tokens[end + 1]?.word ?? ''} ${tokens[end + 2]?.word ?? ''}`.replace('. ', '.'),
        )
      : [next];
    if (spelled) {
      mark = `${next.charAt(0)}m`;
      end += /^[ap]$/.test(next) ? (tokens[end + 1]?.text === '.' ? 3 : 2) : 1;
      if (tokens[end]?.text === '.' && /^[ap]$/.test(next)) end += 1;
    }
  }
  const oclock = words.oclock.at(tokens, end);
  end = oclock?.end ?? end;
  // "17 Uhr 30", "19 h 30"
  const tail = oclock ? /^([0-5]\d)$/.exec(tokens[end]?.word ?? '') : null;
  if (tail) end += 1;
  const half = /^(?:am|pm)/.test(mark) || mark.startsWith('a') || mark.startsWith('p');
  const value = Number(digits) % 24 === 0 && Number(digits) === 24 ? 0 : Number(digits);
  const base = half ? (Number(digits) % 12) + (mark.startsWith('p') ? 12 : 0) : value;
  const minute = Number(minutes ?? tail?.[1] ?? 0);
  const certain =
    half ||
    digits.startsWith('0') ||
    // Only English writes "6:45" for the evening.
    (minutes !== undefined && words.literal) ||
    Number(digits) > 12 ||
    mark === 'uhr' ||
    whole.endsWith('h') ||
    (oclock !== undefined && isTwentyFour(tokens, oclock.start));
  const valid = Number(digits) <= 24 && minute <= 59 && (!half || Number(digits) <= 12);
  const sure = half || minutes !== undefined || mark !== '' || whole.endsWith('h') || oclock !== undefined;
  const made = hour(base, minute, end, sure, certain, valid);
  return minutes === undefined && tail === null ? withShift(tokens, made, words) : made;
}

function isTwentyFour(tokens: readonly Token[], at: number): boolean {
  return /^(?:uhr|h|heures?|hs|hrs|hours|horas)$/.test(tokens[at]?.word ?? '');
}

function plainHour(tokens: readonly Token[], at: number, words: DateWords): { value: number; end: number } | undefined {
  const number = plainNumber(tokens, at, words);
  return number && number.value <= 24 && Number.isInteger(number.value) ? number : undefined;
}

function plainNumber(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
): { value: number; end: number } | undefined {
  const digits = /^\d{1,2}$/.exec(tokens[at]?.word ?? '');
  if (digits) return { value: Number(digits[0]), end: at + 1 };
  const word = words.numbers.at(tokens, at);
  return word && !/^(?:a|an|ein|eine|einer|einem|un|una|une|another|few|couple)$/.test(tokens[at]?.word ?? '')
    ? word
    : undefined;
}

function withTail(tokens: readonly Token[], { value, end }: { value: number; end: number }, words: DateWords): Hour {
  const oclock = words.oclock.at(tokens, end);
  const tail = oclock && words.literal ? plainNumber(tokens, oclock.end, words) : undefined;
  const minutes = tail && tail.value >= 5 && tail.value < 60 && value > 4 ? tail : undefined;
  const made = hour(
    value,
    minutes?.value ?? 0,
    minutes?.end ?? oclock?.end ?? end,
    oclock !== undefined,
    oclock !== undefined && tokens[oclock.start]?.word === 'uhr',
  );
  return withShift(tokens, made, words);
}

/** "e mezza", "y cuarto", "et demie" behind the hour. */
function withShift(tokens: readonly Token[], made: Hour, words: DateWords): Hour {
  const shift = words.behind.at(tokens, made.end);
  if (!shift) return made;
  const minutes = (made.time.hour * 60 + shift.value + 1440) % 1440;
  return {
    ...made,
    end: shift.end,
    sure: true,
    time: { ...made.time, hour: Math.floor(minutes / 60), minute: minutes % 60 },
  };
}

function isCounted(tokens: readonly Token[], at: number, words: DateWords): boolean {
  const next = tokens[at];
  if (!next || next.kind !== 'word') return next?.text === '%' || next?.text === '€' || next?.text === '$';
  return (
    words.units.at(tokens, at) !== undefined ||
    /^(?:euro?s?|percent|people|persone|personnes|personas|leute|mal|times|pm2)$/.test(next.word)
  );
}

function hour(value: number, minute: number, end: number, sure: boolean, certain: boolean, valid = true): Hour {
  return { time: { hour: value, minute, certain }, end, sure, valid };
}
