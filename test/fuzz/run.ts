import { createHash } from 'node:crypto';
import { FuzzClient } from './client';
import { fuzzFrames, type FrameUser } from './frame-fuzz';
import { fuzzHttp } from './http-fuzz';
import type { Random } from './random';
import { MAX_RSS_MB, Server } from './server';
import { World } from './world';

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 100_000);
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const ADMIN = 'fuzz-administrator@example.org';
const CONCURRENCY = 16;
const SOCKETS = 16;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `npm run test:fuzz`: random requests to every operation and random frames of every socket event, against the built server. Ends with 1 when
 * one is answered with a fault of the server or not at all, when the process ends, or when it takes more memory than it may.
 */
async function main(): Promise<boolean> {
  const world = await World.start();
  const server = await Server.start(world.settings);
  try {
    return await fuzz(world, server);
  } finally {
    await world.stop();
    await server.stop();
  }
}

async function fuzz(world: World, server: Server): Promise<boolean> {
  world.connect(server.port);
  await server.register(ADMIN);
  await server.administer('create', ADMIN);
  const target = await server.target(world, ADMIN);
  print(`seed ${SEED}: ${REQUESTS} requests, ${FRAMES} frames; idle process ${server.peakMb()} MB`);

  const admin = async (): Promise<FuzzClient> => {
    const made = await FuzzClient.register(target, 'team');
    await server.administer('create', made.account.email);
    return made.renewed();
  };
  const began = performance.now();
  const http = await fuzzHttp({ target, seed: SEED, requests: REQUESTS, concurrency: CONCURRENCY, admin });
  print(`requests: ${JSON.stringify(http.statuses)}, ${seconds(began)} s, peak ${server.peakMb()} MB`);
  print(`accepted: ${http.operations - http.neverAccepted.length} of ${http.operations} operations; never:`);
  for (const operation of http.neverAccepted) print(`  ${operation}`);

  const framesBegan = performance.now();
  const user = async (): Promise<FrameUser> => {
    const client = await FuzzClient.register(target, 'team');
    const otherDevice = await client.renewed();
    return { token: client.account.accessToken, act: (random) => act(otherDevice, random) };
  };
  const frames = await fuzzFrames({ port: server.port, seed: SEED, frames: FRAMES, sockets: SOCKETS, user });
  const { accepted, statuses, reconnects, missing } = frames;
  print(
    `frames: ${accepted} accepted, ${JSON.stringify(statuses)}, ${reconnects} reconnects, ${seconds(framesBegan)} s`,
  );
  print(`events that were neither accepted nor received: ${missing.join(', ') || 'none'}`);

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
  target.http.close();
  return faults.length === 0;
}

/** Requests whose effects the sockets of a user are told of. */
async function act(client: FuzzClient, random: Random): Promise<void> {
  const goal = { title: 'x', agent: 'task_agent', instructions: random.pick(['list my tasks', 'add a task: bread']) };
  const checksum = createHash('sha256').digest('hex');
  const [path, json] = random.pick<[string, object]>([
    ['/goals', goal],
    ['/notifications', { title: 'x', urgency: 'low' }],
    ['/storage/records', { table: 'notes', blob: '', checksum }],
  ]);
  const answer = await client.answer('post', path, json);
  if (path !== '/goals' || answer.status !== 201) return;
  const { id }: { id: string } = JSON.parse(answer.text);
  await client.answer('post', `/goals/${id}/run`, {});
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
