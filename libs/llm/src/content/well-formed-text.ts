/** Whether JSON, or text, may have a NUL or half of a surrogate pair. */
export const MAY_BE_NO_TEXT = /[\0\ud800-\udfff]|\\u(?:0000|d[89a-f])/i;

const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/gi;
const NO_TEXT_ESCAPE = /^\\u(?:0000|d[89a-f][0-9a-f]{2})$/i;
const REPLACEMENT = '\ufffd';

/**
 * Text of a model that our own requests accept again: U+FFFD replaces NUL and half of a surrogate pair. Servers cut a pair in two, so its first half
 * is held back until the second arrives.
 */
export class WellFormedText {
  private half = '';

  write(text: string): string {
    const whole = this.half + text;
    const endsInHalf = /[\ud800-\udbff]$/.test(whole.slice(-1));
    this.half = endsInHalf ? whole.slice(-1) : '';
    return cleaned(endsInHalf ? whole.slice(0, -1) : whole);
  }

  end(): string {
    const { half } = this;
    this.half = '';
    return cleaned(half);
  }
}

/** The same for the strings and names in a value of JSON. `JSON.stringify` escapes nothing else in this way. */
export function storable(value: unknown): unknown {
  const json = JSON.stringify(value).replace(ESCAPE, (escape) => (NO_TEXT_ESCAPE.test(escape) ? REPLACEMENT : escape));
  return JSON.parse(json) as unknown;
}

function cleaned(text: string): string {
  return text.toWellFormed().replaceAll('\0', REPLACEMENT);
}
