import { fuzzFrames } from './frame-fuzz';
import { fuzzHttp } from './http-fuzz';
import { MAX_RSS_MB, Server } from './server';

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 100_000);
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const USERS = ['free', 'pro', 'power', 'team'];
const CONCURRENCY = 24;
const SOCKETS = 16;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `npm run test:fuzz`: random requests to every operation and random frames of every socket event, against the built server. Ends with 1 when
 * one is answered with a fault of the server or not at all, when the process ends, or when it takes more memory than it may.
 */
async function main(): Promise<boolean> {
  const server = await Server.start();
  const users = USERS.map((tier) => ({ email: `fuzz-${tier}@example.org`, tier }));
  for (const { email, tier } of users) await server.register(email, tier);
  await server.administer('create', 'fuzz-team@example.org');
  print(`seed ${SEED}: ${REQUESTS} requests, ${FRAMES} frames; idle process ${server.peakMb()} MB`);

  let logins = 0;
  const token = (): Promise<string> => server.login(users[logins++ % users.length]?.email ?? '');
  const began = performance.now();
  const http = await fuzzHttp({ port: server.port, seed: SEED, requests: REQUESTS, concurrency: CONCURRENCY, token });
  print(`requests: ${JSON.stringify(http.statuses)}, ${seconds(began)} s, peak ${server.peakMb()} MB`);
  print(`never accepted: ${http.neverAccepted.join(', ') || 'none'}`);

  const framesBegan = performance.now();
  const newUser = (): Promise<string> => server.newUser();
  const frames = await fuzzFrames({ port: server.port, seed: SEED, frames: FRAMES, sockets: SOCKETS, token: newUser });
  const { accepted, statuses, reconnects } = frames;
  print(
    `frames: ${accepted} accepted, ${JSON.stringify(statuses)}, ${reconnects} reconnects, ${seconds(framesBegan)} s`,
  );

  const faults = [
    ...http.faults,
    ...frames.faults,
    ...server.errors,
    ...(server.hasEnded ? ['the process has ended'] : []),
  ];
  const peak = server.peakMb();
  print(`peak of the process: ${peak} MB, at most ${MAX_RSS_MB}`);
  if (peak > MAX_RSS_MB) faults.push(`${peak} MB`);
  for (const fault of faults) print(`FAULT ${fault}`);
  await server.stop();
  return faults.length === 0;
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1_000);
}

main().then(
  (holds) => process.exit(holds ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
