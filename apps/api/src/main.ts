import 'reflect-metadata';
import { createServer } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConfigurationError, Environment, JobRunner, Log, Metrics, ServerConfig } from '@adiuva/platform';
import { JobHandlers } from '../../worker/src/job-handlers.service';
import { createApplication } from './application';
import { Readiness } from './health/readiness.service';

/** After the grace for streams, the rest of the shutdown gets so long. */
const EXIT_MARGIN_MS = 4_000;

async function main(): Promise<void> {
  const app = await createApplication(Environment.ofProcess());
  const config = app.get(ServerConfig);
  const log = app.get(Log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(app, config, log));
  await app.listen(config.PORT, config.HOST);
  log.info('listening', { port: config.PORT, reason: config.publicUrl, version: Readiness.version });
  if (config.METRICS_PORT !== 0) serveMetrics(app.get(Metrics), config);
  if (config.JOBS_IN_PROCESS) await app.get(JobRunner).start(app.get(JobHandlers).all);
}

async function stop(app: NestExpressApplication, config: ServerConfig, log: Log): Promise<void> {
  log.info('stopping');
  setTimeout(() => process.exit(0), config.SHUTDOWN_GRACE_MS + EXIT_MARGIN_MS).unref();
  app.get(Readiness).stop();
  await app.get(JobRunner).stop();
  await app.close();
  log.info('stopped');
  process.exit(0);
}

function serveMetrics(metrics: Metrics, config: ServerConfig): void {
  metrics.watchProcess();
  const server = createServer((_, response) => {
    metrics.text().then(
      (text) => response.setHeader('Content-Type', metrics.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(config.METRICS_PORT, config.HOST);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigurationError || error instanceof Error ? error.message : 'The server cannot start'}\n`,
  );
  process.exit(1);
});
