import 'reflect-metadata';
import { Problem } from '@adiuva/kernel';
import { Environment } from '@adiuva/config';
import { argumentsOf, FailedReport, helpOf } from './command';
import { COMMANDS } from './commands';

async function run(line: readonly string[]): Promise<string> {
  for (const command of COMMANDS) {
    const words = argumentsOf(command, line);
    if (words) return command.run(Environment.ofProcess(), words);
  }
  throw new Problem('validation_failed', { detail: helpOf(COMMANDS) });
}

run(process.argv.slice(2)).then(
  (output) => {
    process.stdout.write(`${output}\n`);
    process.exit(0);
  },
  (error: unknown) => {
    const stream = error instanceof FailedReport ? process.stdout : process.stderr;
    stream.write(`${error instanceof Error ? error.message : 'The command failed'}\n`);
    process.exit(1);
  },
);
