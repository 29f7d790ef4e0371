/** A long regular expression in readable lines, which are simply joined; made once, when a file is loaded. */
export function pattern(flags: string, ...lines: readonly string[]): RegExp {
  return new RegExp(lines.join(''), flags);
}
