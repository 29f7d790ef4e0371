import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { RateLimits } from '@adiuva/platform';
import { eventually, TestApp } from '../support/app';
import { freePort } from '../support/processes/server-process';

/** Without it a node takes Redis for dead after 250 ms, as it may on a machine that does not let this process run for so long. */
const PATIENT = 'commandTimeout=none';
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

(hasRedis ? describe : describe.skip)('two nodes that share their counts in Redis', () => {
  let process: ChildProcess;
  let nodes: TestApp[] = [];
  beforeAll(async () => {
    const port = await freePort();
    process = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], { stdio: 'ignore' });
    const redis = new Redis(`redis://127.0.0.1:${port}`, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    await eventually(async () => (await redis.ping()) === 'PONG');
    const settings = {
      RATE_LIMIT_FREE: '10',
      REDIS_URL: `redis://127.0.0.1:${port}?${PATIENT}`,
      REDIS_PREFIX: 'shared',
    };
    const first = await TestApp.start(settings);
    nodes = [first, await TestApp.start(settings, first)];
    await eventually(() => nodes.every((node) => node.nest.get(RateLimits).areShared === true));
    // A connection that is made again counts the nodes immediately, and not at the next heartbeat.
    await redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    redis.disconnect();
    await eventually(() => nodes.every((node) => node.nest.get(RateLimits).nodeCount === 2));
  });
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.stop();
    process.kill('SIGKILL');
  });

  /** How many of 12 requests to each node are admitted. */
  async function admitted(): Promise<number[]> {
    const [first] = nodes;
    if (!first) throw new Error('there is no node');
    const user = await first.user();
    const counts: number[] = [];
    for (const node of nodes) {
      const answers = await Promise.all(Array.from({ length: 12 }, () => node.call('get', '/agents', user)));
      counts.push(answers.filter(({ status }) => status === 200).length);
    }
    return counts;
  }

  const states = (): Promise<string[]> =>
    Promise.all(nodes.map(async (node) => (await node.call('get', '/health/ready')).body.checks.rate_limits));

  it('hold one limit together; while Redis is dead each takes its share, serves, and its readiness shows it', async () => {
    await eventually(async () => (await states()).every((state) => state === 'up'));
    expect((await admitted()).reduce((sum, count) => sum + count)).toBe(10);
    process.kill('SIGKILL');
    await once(process, 'exit');
    await eventually(async () => (await states()).every((state) => state === 'down'));
    expect(await admitted()).toEqual([5, 5]);
  });
});
