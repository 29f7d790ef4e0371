import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Readiness } from './health/readiness.service';

/** The document that describes every endpoint; also what the SDK's types are made from. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Adiuva Cloud')
    .setDescription(
      'The backend of the Adiuva desktop assistant. Errors are RFC 9457 problem documents with a stable `code`.',
    )
    .setVersion(Readiness.version)
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** Serves the document at /api/openapi.json and as a page at /api/docs; it is made when first asked for. */
export function serveOpenApi(app: INestApplication): void {
  let made: OpenAPIObject | undefined;
  SwaggerModule.setup('api/docs', app, () => (made ??= openApiDocument(app)), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
  });
}
