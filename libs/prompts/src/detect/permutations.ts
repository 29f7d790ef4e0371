/** A text in another order: `offsets` says where each UTF-16 unit is in the original. */
export interface Permuted {
  readonly text: string;
  readonly offsets: Int32Array;
}

/** Words as people cut them: at any white space, or at spaces alone. */
const WORDS = [/\S+|\s+/g, /[^ ]+| +/g];

/** The text as it is, backwards, with every word backwards, and with its words in reverse order. */
export function ordersOf(text: string): readonly [plain: Permuted, backwards: Permuted, ...others: Permuted[]] {
  const units = Int32Array.from({ length: text.length }, (_, i) => i);
  const cuts = /[^\S ]/.test(text) ? WORDS : WORDS.slice(1);
  const others = cuts.flatMap((cut) => {
    const words = Array.from(text.matchAll(cut), (match) => units.slice(match.index, match.index + match[0].length));
    return [join(words.map((word) => word.slice().reverse())), join(words.slice().reverse())];
  });
  return [permute(text, units), permute(text, units.slice().reverse()), ...others.map((order) => permute(text, order))];
}

function permute(text: string, offsets: Int32Array): Permuted {
  let permuted = '';
  for (const offset of offsets) permuted += text.charAt(offset);
  return { text: permuted, offsets };
}

function join(pieces: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let next = 0;
  for (const piece of pieces) {
    whole.set(piece, next);
    next += piece.length;
  }
  return whole;
}
