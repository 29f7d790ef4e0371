import type { LeakScrubber, UserTexts } from '@adiuva/prompts';

/** The whole of a text as it may leave. */
export function scrubText(
  leaks: LeakScrubber,
  text: string,
  input: UserTexts | readonly string[] = [],
): { text: string; leaked: boolean } {
  const stream = leaks.stream(input);
  const clean = stream.push(text) + stream.end();
  return { text: clean, leaked: stream.leaked };
}
