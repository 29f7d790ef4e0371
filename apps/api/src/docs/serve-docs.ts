import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Response } from 'express';
import { ServerConfig } from '@adiuva/config';
import { Problem } from '@adiuva/kernel';
import { sendProblem } from '../edge/http/problem.filter';
import type { EdgeRequest } from '../edge/principal';
import { asyncApiDocument, eventsPage } from './asyncapi';
import { openApiDocument } from './openapi';
import { PAGE_POLICY } from './pages';
import { problemIndexPage, problemPage } from './problem-pages';
import { returnPage } from './return-pages';

/**
 * Public documents: `/api/openapi.json` with its page `/api/docs`, `/api/asyncapi.json` with its page `/api/docs/events`, and a page for
 * every problem code under `/docs/problems`. Pages where Stripe sends people back are under `/returned`. The OpenAPI document is built on its first request.
 */
export function serveDocs(app: NestExpressApplication): void {
  let built: OpenAPIObject | undefined;
  const document = () => (built ??= openApiDocument(app));
  app.use('/api/asyncapi.json', (_: EdgeRequest, response: Response) => {
    response.json(asyncApiDocument(document(), app.get(ServerConfig).publicUrl));
  });
  app.use('/api/docs/events', (_: EdgeRequest, response: Response) => sendPage(response, eventsPage()));
  app.use(
    '/docs/problems',
    servePages((name) => (name === '' ? problemIndexPage() : problemPage(name))),
  );
  app.use('/returned', servePages(returnPage));
  SwaggerModule.setup('api/docs', app, document, { jsonDocumentUrl: 'api/openapi.json', raw: ['json'] });
}

function servePages(pageOf: (name: string) => string | undefined) {
  return (request: EdgeRequest, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const html = pageOf(request.path.slice(1));
    if (html === undefined) sendProblem(new Problem('not_found'), request, response);
    else sendPage(response, html);
  };
}

function sendPage(response: Response, html: string): void {
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  response.type('html').send(html);
}
