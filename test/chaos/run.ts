import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run test:chaos [-- NAME]`: runs every *.chaos.ts, or the one named; each throws what did not hold. Bounded, loopback only. */
async function main(): Promise<void> {
  const wanted = process.argv[2];
  const files = readdirSync(__dirname).filter(
    (file) => file.endsWith('.chaos.ts') && (wanted === undefined || file === `${wanted}.chaos.ts`),
  );
  if (files.length === 0) throw new Error('usage: npm run test:chaos [-- NAME], where test/chaos/NAME.chaos.ts exists');
  for (const file of files) {
    const { chaos }: { chaos: () => Promise<void> } = await import(join(__dirname, file));
    process.stdout.write(`== ${file}\n`);
    await chaos();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
