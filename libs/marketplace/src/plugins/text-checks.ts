/** Zero-width, direction-changing, tag and private-use characters; a joiner inside an emoji is let through. */
const HIDDEN =
  /[\u{ad}\u{61c}\u{115f}\u{1160}\u{180e}\u{200b}\u{200c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{3164}\u{feff}\u{ffa0}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]|\p{Co}|\p{Cs}/u;
const JOINER_OUTSIDE_EMOJI = /(?<![\p{Extended_Pictographic}\u{fe0f}\u{1f3fb}-\u{1f3ff}])\u{200d}/u;

export function hasHiddenCharacters(text: string): boolean {
  return HIDDEN.test(text) || JOINER_OUTSIDE_EMOJI.test(text);
}

/** Longer than any word of any language, shorter than anything useful that is encoded. */
const ENCODED_RUN = /[A-Za-z0-9+/_=-]{200}/;
const DATA_URI = /\bdata:[\w.+-]{1,60}\/[\w.+-]{1,60}[;,]/i;
const CONTROL = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufffe\\uffff]');

/** Whether `text` holds control characters, a data URI or a long run of base64 or hexadecimal. */
export function binaryRun(text: string): boolean {
  return CONTROL.test(text) || DATA_URI.test(text) || ENCODED_RUN.test(text);
}
