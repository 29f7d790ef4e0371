import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ServerConfig } from '@adiuva/config';
import { PROBLEM_CODES } from '@adiuva/kernel';
import { PUBLIC } from '../edge/principal';
import { Readiness } from '../health/readiness.service';
import { EVENT_MODELS } from './socket-events';
import { HEADERS, PARAMETERS, withStandardResponses } from './standard-responses';

const TAGS: Readonly<Record<string, string>> = {
  health: 'Liveness and readiness of the server.',
  auth: 'Accounts, sessions and tokens.',
  keys: 'Wrapped keys and devices of a user. The server stores them and cannot open them.',
  chat: 'Chats with agents, execution plans and playbooks.',
  agents: 'Agents, built-in and of the user; the tools that they may have, and what they remember.',
  goals: 'What a user wants done, when asked or on a schedule; each execution is a run.',
  dags: 'Graphs of agents and tools, and their executions.',
  runs: 'Durable runs: state, steps, events and results of work that continues while the app is closed.',
  projects: 'Code projects: virtual files with versions, and jobs of agents that work on them.',
  notifications: 'Reaching a person: channels, preferences, notifications, answers; callbacks of Twilio.',
  providers: 'Keys of model providers that a user has brought.',
  ai: 'Images, speech and transcriptions; off by default',
  storage: 'Encrypted records and their change feed.',
  vectors: 'Encrypted vectors: collections, search and change feed.',
  backup: 'Encrypted backups: single request or chunked upload, retention, trash.',
  marketplace: 'Plugins: catalogue, packages, installs, publishing, earnings.',
  gateway: 'Tools for agent workers, which sign their requests.',
  teams: 'Teams of a team subscription: seats, invites, members.',
  billing: 'Plans, checkout and subscription; the webhook of Stripe.',
  administration: 'For administrators: reviews, listings, payouts, audit.',
};

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457 problem document; some codes have further members, such as `required_tier` or `limit_bytes`',
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
          rule: { type: 'string', description: 'The rule that a package breaks' },
          file: { type: 'string', description: 'The file inside the package' },
          line: { type: 'integer' },
        },
      },
    },
  },
  additionalProperties: true,
};

/** The document of every endpoint; the types of the SDK are generated from it. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Adiuva Cloud')
    .setDescription(
      'The backend of the Adiuva desktop assistant. Errors are RFC 9457 problem documents; clients decide by `code`. Events of Socket.IO are in `/api/asyncapi.json`.',
    )
    .setVersion(Readiness.version)
    .addServer(app.get(ServerConfig).publicUrl)
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'An access token of `POST /auth/login`',
    });
  for (const [name, description] of Object.entries(TAGS)) config.addTag(name, description);
  const document = SwaggerModule.createDocument(app, config.build(), {
    extraModels: EVENT_MODELS,
    operationIdFactory: (_, method) => method,
  });
  const { components } = document;
  return {
    ...document,
    paths: withStandardResponses(document.paths, publicOperations(app)),
    components: {
      ...components,
      schemas: { ...components?.schemas, Problem: PROBLEM_SCHEMA },
      headers: { ...components?.headers, ...HEADERS },
      parameters: { ...components?.parameters, ...PARAMETERS },
    },
  };
}

/** The ids of the operations that need no token. */
function publicOperations(app: INestApplication): ReadonlySet<string> {
  const reflector = app.get(Reflector);
  const controllers = new DiscoveryService(app.get(ModulesContainer)).getControllers();
  return new Set(
    controllers.flatMap(({ metatype, instance }) => {
      const handlers = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      return new MetadataScanner().getAllMethodNames(handlers).filter((name) => {
        const handler = handlers[name];
        return metatype && handler && reflector.getAllAndOverride<boolean>(PUBLIC, [handler, metatype]);
      });
    }),
  );
}
