import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { ConfigurationError } from '@adiuva/config';
import type { Metrics } from './metrics.service';

export interface OperatorListenerOptions {
  readonly host: string;
  readonly port: number;
  /** The report of readiness, and whether it is good. */
  readonly readiness: () => Promise<{ readonly ready: boolean; readonly report: object }>;
}

/** Serves `/metrics`, `/health` and `/health/ready` to operators, apart from the public listener. @throws `ConfigurationError` where the port is taken */
export async function listenForOperators(metrics: Metrics, options: OperatorListenerOptions): Promise<Server> {
  metrics.watchProcess();
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, metrics, options).catch(() => response.writeHead(500).end());
  });
  try {
    await once(server.listen(options.port, options.host), 'listening');
  } catch (error) {
    throw refusedPort('METRICS_PORT', error);
  }
  // It does not keep a process that has nothing else to do.
  return server.unref();
}

/** Of a port that is in use or not permitted: the setting by name. */
export function refusedPort(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
  return code === undefined ? error : new ConfigurationError([`${name}: cannot listen there (${code})`]);
}

async function answer(
  url: string,
  response: ServerResponse,
  metrics: Metrics,
  { readiness }: OperatorListenerOptions,
): Promise<void> {
  const [path] = url.split('?', 1);
  if (path === '/metrics') {
    response.setHeader('Content-Type', metrics.contentType).end(await metrics.text());
  } else if (path === '/health') {
    sendJson(response, 200, { status: 'ok' });
  } else if (path === '/health/ready') {
    const { ready, report } = await readiness();
    sendJson(response, ready ? 200 : 503, report);
  } else {
    response.writeHead(404).end();
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
