import 'reflect-metadata';
import type { Database } from '@adiuva/platform';
import { done, RunEngine } from '../builders/run-engine';

/**
 * A process that executes steps until it is killed. Each attempt is a row of the table `attempts` (committed by itself, as an effect outside the
 * engine would be), and takes `body.ms`.
 */
async function main(): Promise<void> {
  const [url = '', dataDir = ''] = process.argv.slice(2);
  const place: { database?: Database } = {};
  const engine = await RunEngine.start({ url, dataDir }, async (step, signal) => {
    await place.database?.query('INSERT INTO attempts (run_id, node, pid) VALUES ($1, $2, $3)', [
      step.runId,
      step.node,
      process.pid,
    ]);
    const ms = Number(Object(step.body).ms ?? 0);
    await new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(signal.reason);
        },
        { once: true },
      );
    });
    return done(`result ${step.node}`);
  });
  place.database = engine.database;
  await engine.work();
  process.send?.('ready');
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
