import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_CODES } from '@adiuva/kernel';
import { Readiness } from '../health/readiness.service';
import { EVENT_MODELS } from './socket-events';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head'] as const;

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457, with our members; some codes have further ones, such as `required_tier` or `limit_bytes`',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Leads to a page about the code' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', enum: [...PROBLEM_CODES] },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: { type: 'string' },
          message: { type: 'string' },
          rule: { type: 'string', description: 'Where a package was checked' },
          file: { type: 'string' },
          line: { type: 'integer' },
        },
      },
    },
  },
  additionalProperties: true,
};

const PROBLEM_RESPONSE = {
  description: 'Any failure, as a problem document; its `code` says which',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

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
  const document = SwaggerModule.createDocument(app, config, { extraModels: EVENT_MODELS });
  const schemas = { ...document.components?.schemas, Problem: PROBLEM_SCHEMA };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) operation.responses['default'] = PROBLEM_RESPONSE;
    }
  }
  return { ...document, components: { ...document.components, schemas } };
}
