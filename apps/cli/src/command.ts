import type { Environment } from '@adiuva/config';

/** What an operator may type after `npm run admin --` and its like. */
export interface Command {
  /** Words as they are typed; capitals are arguments, and what is in brackets may be left out. */
  readonly usage: string;
  readonly about: string;
  /** `words` are the arguments, and the words in brackets where they were typed. Resolves with what is printed; the command fails when it rejects. */
  run(environment: Environment, words: readonly string[]): Promise<string>;
}

/** A report with faults: it is printed as any output is, and the command fails. */
export class FailedReport extends Error {
  override readonly name = 'FailedReport';
}

/** The arguments of a command line; null where it is not one of this command. */
export function argumentsOf({ usage }: Pick<Command, 'usage'>, line: readonly string[]): string[] | null {
  const found: string[] = [];
  const rest = [...line];
  for (const token of usage.split(' ')) {
    const isOptional = token.startsWith('[');
    const word = token.replace(/^\[|\]$/g, '');
    const isArgument = word === word.toUpperCase();
    const [next] = rest;
    if (next !== undefined && next !== '' && (isArgument || next === word)) {
      rest.shift();
      if (isArgument || isOptional) found.push(next);
    } else if (!isOptional) return null;
  }
  return rest.length === 0 ? found : null;
}

export function helpOf(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length));
  return ['Commands:', ...commands.map(({ usage, about }) => `  ${usage.padEnd(width)}  ${about}`), ''].join('\n');
}
