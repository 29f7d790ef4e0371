import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run bench -- NAME`: runs bench/NAME.bench.ts, which prints its figures and throws where one is not reached. */
async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  const file = join(__dirname, `${name}.bench.ts`);
  if (!/^[a-z]+$/.test(name) || !existsSync(file))
    throw new Error('usage: npm run bench -- NAME, where bench/NAME.bench.ts exists');
  const { bench }: { bench: () => Promise<void> } = await import(file);
  await bench();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
