import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { assertConfiguration, ServerConfig, type Environment } from '@adiuva/config';
import { Log, Metrics, Tracing, type PlatformParts } from '@adiuva/platform';
import { ApiModule } from './api.module';
import { crossOrigin } from './edge/http/cross-origin.middleware';
import { requestId } from './edge/http/request-id.middleware';
import { securityHeaders } from './edge/http/security-headers.middleware';
import { SocketAdapter } from './edge/sockets/socket.adapter';
import { HttpServerAdapter } from './http-server.adapter';
import { serveConsole } from './console/serve-console';
import { serveDocs } from './docs/serve-docs';

/** The server, ready to listen. Throws `ConfigurationError` when the environment does not do. */
export async function createApplication(
  environment: Environment,
  parts: PlatformParts = {},
): Promise<NestExpressApplication> {
  assertConfiguration(environment);
  const app = await NestFactory.create<NestExpressApplication>(
    ApiModule.with(environment, parts),
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
  app.use(requestId(app.get(Log), app.get(Metrics), app.get(Tracing), config.TRUST_PROXY));
  app.use(securityHeaders(config.ENV === 'prod'));
  app.use(crossOrigin(config.CORS_ORIGINS));
  app.useWebSocketAdapter(new SocketAdapter(app, config, app.get(Metrics)));
  app.setGlobalPrefix('api/v1');
  serveDocs(app);
  serveConsole(app);
  return app;
}
