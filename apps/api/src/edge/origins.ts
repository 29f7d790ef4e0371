/** Whether an `Origin` is one of the patterns, in which `*` stands for any run of characters but spaces. */
export function originMatcher(patterns: readonly string[]): (origin: string | undefined) => boolean {
  const rules = patterns.map(
    (pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('[^\\s/@?#]*(?::\\d+)?')}$`, 'i'),
  );
  return (origin) => origin === undefined || rules.some((rule) => rule.test(origin));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
