/** Whether an `Origin` is one of the patterns, in which `*` matches any run of characters of a host, and `:*` at the end for any port. */
export function originMatcher(patterns: readonly string[]): (origin: string | undefined) => boolean {
  const rules = patterns.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .split(/(:\*$|\*)/)
          .map(wild)
          .join('')}$`,
        'i',
      ),
  );
  return (origin) => origin === undefined || rules.some((rule) => rule.test(origin));
}

function wild(part: string): string {
  if (part === ':*') return ':\\d+';
  return part === '*' ? '[^\\s/@?#]*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
