import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DestinationStream } from 'pino';
import { Log, Metrics, ServerConfig, type Environment } from '@adiuva/platform';
import { ApiModule } from './api.module';
import { originMatcher } from './edge/origins';
import { requestId } from './edge/request-id.middleware';
import { securityHeaders } from './edge/security-headers.middleware';
import { SocketAdapter } from './edge/socket.adapter';
import { HttpServerAdapter } from './http-server.adapter';
import { serveOpenApi } from './openapi';

const EXPOSED_HEADERS = [
  'X-Request-Id',
  'X-Checksum',
  'X-Backup-Id',
  'X-Backup-Version',
  'X-Backup-Timestamp',
  'X-Backup-Checksum',
  'Content-Range',
  'X-Total-Count',
  'Link',
  'ETag',
  'Last-Modified',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Idempotency-Replayed',
];
const PREFLIGHT_SECONDS = 600;

/** The server, ready to listen; its log goes to standard output unless told otherwise. Throws `ConfigurationError` when the environment does not do. */
export async function createApplication(
  environment: Environment,
  logTo?: DestinationStream,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    ApiModule.with(environment, logTo),
    new HttpServerAdapter(),
    {
      bodyParser: false,
      logger: false,
      abortOnError: false,
      forceCloseConnections: false,
    },
  );
  const config = app.get(ServerConfig);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', config.TRUST_PROXY);
  app.use(requestId(app.get(Log), app.get(Metrics)));
  app.use(securityHeaders(config.ENV === 'prod'));
  const allowed = originMatcher(config.CORS_ORIGINS);
  app.enableCors({
    origin: (origin: string | undefined, answer: (error: null, ok: boolean) => void) => answer(null, allowed(origin)),
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  app.useWebSocketAdapter(new SocketAdapter(app, config.CORS_ORIGINS));
  app.setGlobalPrefix('api/v1');
  serveOpenApi(app);
  return app;
}
