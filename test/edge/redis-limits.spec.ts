import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { newId } from '@adiuva/kernel';
import { DatabaseConfig, Environment } from '@adiuva/config';
import { RateLimits } from '@adiuva/platform';
import { eventually } from '../support/app';
import { freePort } from '../support/processes/server-process';

const LIMIT = 1_000;
const WINDOW_SECONDS = 3_600;
/** What two nodes may admit beyond the limit. */
const TOLERANCE = 0.02 * LIMIT;
/** Without it a node takes Redis for dead after 250 ms, as it may on a machine that does not let this process run for so long. */
const PATIENT = 'commandTimeout=none';
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

(hasRedis ? describe : describe.skip)('the limits of two nodes with Redis', () => {
  let port: number;
  let redis: ChildProcess;
  let nodes: RateLimits[];
  let key: string;
  /** Serves no requests, so it has no share. */
  let worker: RateLimits;

  const startRedis = (): ChildProcess =>
    spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], { stdio: 'ignore' });
  const areShared = (): Promise<void> =>
    eventually(() => nodes.every((node) => node.areShared === true && node.nodeCount === nodes.length));
  async function killRedis(): Promise<void> {
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    await eventually(() => nodes.every((node) => node.areShared === false));
  }

  beforeAll(async () => {
    port = await freePort();
    redis = startRedis();
    const settings = { ENV: 'test', REDIS_URL: `redis://127.0.0.1:${port}?${PATIENT}`, REDIS_PREFIX: 'limits' };
    const config = new DatabaseConfig(new Environment(settings));
    nodes = [new RateLimits(config), new RateLimits(config)];
    for (const node of nodes) node.join();
    worker = new RateLimits(config);
    await eventually(() => nodes.every((node) => node.areShared === true));
    // A node that starts again counts the others immediately, and not at the next heartbeat.
    await killRedis();
    redis = startRedis();
    await areShared();
  });
  afterAll(async () => {
    for (const node of [...nodes, worker]) await node.onApplicationShutdown();
    redis.kill('SIGKILL');
  });
  beforeEach(() => (key = newId()));

  /** How many of `count` requests, half of them to each node, several concurrently, are admitted. */
  async function admitted(count: number): Promise<number> {
    let sum = 0;
    for (let at = 0; at < count; at += 20) {
      const batch = nodes.flatMap((node) => Array.from({ length: 10 }, () => node.consume(key, LIMIT, WINDOW_SECONDS)));
      sum += (await Promise.all(batch)).filter(({ allowed }) => allowed).length;
    }
    return sum;
  }

  it('are held exactly while Redis answers', async () => {
    expect(await admitted(2 * LIMIT)).toBe(LIMIT);
  });

  it('are exceeded by at most 2 % where Redis dies in the middle of a window, and everything else is admitted', async () => {
    const before = await admitted(0.6 * LIMIT);
    await killRedis();
    const after = await admitted(LIMIT);
    redis = startRedis();
    await areShared();
    expect(before).toBe(0.6 * LIMIT);
    expect(before + after).toBeLessThanOrEqual(LIMIT + TOLERANCE);
    expect(before + after).toBeGreaterThanOrEqual(LIMIT - TOLERANCE);
  });

  it('are exceeded by at most 2 % where Redis comes back empty in the middle of a window, and everything else is admitted', async () => {
    const before = await admitted(0.4 * LIMIT);
    await killRedis();
    const without = await admitted(0.2 * LIMIT);
    redis = startRedis();
    await areShared();
    const after = await admitted(LIMIT);
    expect(before + without).toBe(0.6 * LIMIT);
    expect(before + without + after).toBeLessThanOrEqual(LIMIT + TOLERANCE);
    expect(before + without + after).toBeGreaterThanOrEqual(LIMIT - TOLERANCE);
  });

  it('are held where Redis comes back empty and one node has counted much before the other sees it', async () => {
    const [first] = nodes;
    const before = await admitted(0.4 * LIMIT);
    await killRedis();
    const without = await admitted(0.2 * LIMIT);
    redis = startRedis();
    await areShared();
    for (let at = 0; at < 20; at += 1) await first?.consume(key, LIMIT, WINDOW_SECONDS);
    const after = await admitted(LIMIT);
    expect(before + without + 20 + after).toBeLessThanOrEqual(LIMIT + TOLERANCE);
    expect(before + without + 20 + after).toBeGreaterThanOrEqual(LIMIT - TOLERANCE);
  });
});
