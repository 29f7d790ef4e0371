import { setTimeout as pause } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ServerConfig, type Environment } from '@adiuva/config';
import { Models } from '@adiuva/llm';
import { listenForOperators, Log, Metrics, refusedPort, type PlatformParts } from '@adiuva/platform';
import { LeakScrubber } from '@adiuva/prompts';
import { Background } from '../../worker/src/background.service';
import { createApplication } from './application';
import { SocketDrain } from './chat/socket-drain.service';
import { Readiness } from './health/readiness.service';
import { setHeapFlags } from './heap-flags';
import { HttpServerAdapter } from './http-server.adapter';

/** For the rest of the shutdown, after the grace for streams. */
const EXIT_MARGIN_MS = 4_000;
/** Warming keeps the event loop busy; readiness is reported before. */
const WARM_AFTER_MS = 300;

/** Serves until a signal ends it. */
export async function serve(environment: Environment, parts: PlatformParts): Promise<void> {
  setHeapFlags();
  const app = await createApplication(environment, parts);
  const config = app.get(ServerConfig);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(app, config, signal));
  if (config.METRICS_PORT !== 0) await serveOperators(app, config);
  await app.listen(config.PORT, config.HOST).catch((error: unknown) => {
    throw refusedPort('PORT', error);
  });
  app.get(Log).info('listening', { port: config.PORT, reason: config.publicUrl, version: Readiness.version });
  if (config.JOBS_IN_PROCESS) await app.get(Background).start();
  await pause(WARM_AFTER_MS, undefined, { ref: false });
  await warm(app);
}

/** Makes in advance what the first chat would wait for. */
async function warm(app: NestExpressApplication): Promise<void> {
  app.get(LeakScrubber).warm();
  await app.get(Models).warm();
}

/**
 * Readiness is 503 first, while requests are still served, so that balancers notice; then no connection is accepted, sockets are sent to other
 * nodes, and requests and streams in progress complete. After Ctrl-C nothing waits for balancers.
 */
async function stop(app: NestExpressApplication, config: ServerConfig, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
  const log = app.get(Log);
  log.info('stopping');
  setTimeout(() => process.exit(0), config.SHUTDOWN_GRACE_MS + EXIT_MARGIN_MS).unref();
  app.get(Readiness).stop();
  const background = app.get(Background).stop();
  const server: unknown = app.getHttpAdapter();
  if (server instanceof HttpServerAdapter) server.drain();
  if (signal === 'SIGTERM') await pause(config.shutdownDelayMs);
  if (server instanceof HttpServerAdapter) void server.close();
  app.get(SocketDrain).start();
  await background;
  await app.close();
  log.info('stopped');
  process.exit(0);
}

async function serveOperators(app: NestExpressApplication, config: ServerConfig): Promise<void> {
  const [metrics, readiness] = [app.get(Metrics), app.get(Readiness)];
  readiness.measure(metrics);
  await listenForOperators(metrics, {
    host: config.HOST,
    port: config.METRICS_PORT,
    readiness: async () => {
      const report = await readiness.report();
      return { ready: report.status === 'ready', report };
    },
  });
}
