import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, Report } from './report';

const RESULTS = join(__dirname, '../data/bench');
/** Benches of a quick run. They mostly wait: for servers, and for the time that they measure. */
const AT_ONCE = 3;
const [options, names] = [process.argv.slice(2).filter(isOption), process.argv.slice(2).filter((it) => !isOption(it))];

/**
 * `npm run bench [-- [--quick] [NAME...]]`: runs the benches named, or all of bench/*.bench.ts, each in a process of its own, prints their
 * figures and writes them to data/bench/results.json; those of a single one to data/bench/NAME.json. Fails where a target is missed (not with `--quick`) or a bench breaks.
 */
async function main(): Promise<void> {
  const all = readdirSync(__dirname)
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.replace('.bench.ts', ''));
  const unknown = [...names.filter((name) => !all.includes(name)), ...options.filter((it) => it !== '--quick')];
  if (unknown.length > 0)
    throw new Error(`usage: npm run bench [-- [--quick] [NAME...]], where NAME is one of ${all.join(', ')}`);
  const quick = options.includes('--quick');
  const [only] = names;
  if (names.length === 1 && only !== undefined) return single(only, quick);
  const chosen = names.length > 0 ? names : all;
  for (const name of chosen) rmSync(fileOf(name), { force: true });
  const broken = await run(chosen, quick ? AT_ONCE : 1);
  const figures = chosen.flatMap((name) => read(name));
  writeFileSync(join(RESULTS, 'results.json'), `${JSON.stringify({ quick, figures }, undefined, 1)}\n`);
  if (broken.length > 0) throw new Error(`missed or broken: ${broken.join(', ')}`);
}

async function single(name: string, quick: boolean): Promise<void> {
  const report = new Report(name, quick);
  const { bench }: { bench: (report: Report) => Promise<void> } = await import(`./${name}.bench.ts`);
  mkdirSync(RESULTS, { recursive: true });
  rmSync(fileOf(name), { force: true });
  await bench(report);
  if (report.figures.length === 0) throw new Error(`${name} has measured nothing`);
  writeFileSync(fileOf(name), JSON.stringify(report.figures));
  const missed = report.figures.filter(({ verdict }) => verdict === 'missed');
  if (missed.length > 0 && !quick) throw new Error(`missed: ${missed.map(({ scenario }) => scenario).join('; ')}`);
}

/** `atOnce` at a time: what judges nothing may share the machine. Gives those that fail. */
async function run(benches: readonly string[], atOnce: number): Promise<string[]> {
  const waiting = [...benches];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      if (!(await succeeds(name))) failed.push(name);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return failed;
}

function succeeds(name: string): Promise<boolean> {
  const child = spawn(process.execPath, [...process.execArgv, __filename, ...options, name], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)));
}

function read(name: string): Figure[] {
  return existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), 'utf8')) : [];
}

function fileOf(name: string): string {
  return join(RESULTS, `${name}.json`);
}

function isOption(argument: string): boolean {
  return argument.startsWith('--');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
