/** `old` is replaced where it occurs exactly once. */
export interface Edit {
  readonly old: string;
  readonly replacement: string;
}

/** Undefined where a text does not occur exactly once. */
export function applied(content: string, edits: readonly Edit[]): string | undefined {
  let text: string | undefined = content;
  for (const { old, replacement } of edits) {
    const at: number = text.indexOf(old);
    if (old === '' || at < 0 || text.includes(old, at + 1)) return undefined;
    text = text.slice(0, at) + replacement + text.slice(at + old.length);
  }
  return text;
}
