import type { OpenAPIObject } from '@nestjs/swagger';
import { Problem, problemDocument, PROBLEM_CODES, type ProblemCode } from '@adiuva/kernel';
import { IDEMPOTENCY_EXTENSION } from '../edge/principal';
import { PROBLEM_HELP } from './problem-help';
import { REQUEST_EXAMPLES } from './request-examples';
import { SOCKET_EVENTS } from './socket-events';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type MediaType = RequestBody['content'][string];
type RequestBody = Exclude<NonNullable<Operation['requestBody']>, { $ref: string }>;
type Responses = Operation['responses'];
type Response = Exclude<NonNullable<Responses[string]>, { $ref: string }>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head'] as const;
const REQUEST_ID = '018f6f8e-7c00-7000-8000-000000000001';

/** Headers of every response, as `#/components/headers/NAME`. */
export const HEADERS = {
  'X-Request-Id': {
    description: 'Of the request, or a new one; the log of the server has the same id',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$' },
  },
  'RateLimit-Limit': { description: 'Requests a minute', schema: { type: 'integer' } },
  'RateLimit-Remaining': { description: 'Requests left in the current window', schema: { type: 'integer' } },
  'RateLimit-Reset': { description: 'Seconds until the window ends', schema: { type: 'integer' } },
  'Retry-After': { description: 'Seconds until a repeat may succeed', schema: { type: 'integer', minimum: 1 } },
} as const;

/** Request headers that every matching operation accepts, as `#/components/parameters/NAME`. */
export const PARAMETERS = {
  'X-Request-Id': {
    name: 'X-Request-Id',
    in: 'header',
    required: false,
    description: 'An id for this request, in the response, the log and every upstream call',
    schema: HEADERS['X-Request-Id'].schema,
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same key and body return the first response for 24 hours',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
} as const;

const SSE_EVENTS = SOCKET_EVENTS.filter(({ name, from }) => from === 'server' && name.startsWith('chat:'));
const SSE_DESCRIPTION = `Server-sent events ${SSE_EVENTS.map(({ name }) => `\`${name.slice(5)}\``).join(', ')}: \`data\` is the payload of the socket event of that name, \`id\` the index of the token`;
const SSE_EXAMPLE = SSE_EVENTS.filter(({ name }) => name === 'chat:token' || name === 'chat:done')
  .map(
    ({ name, example }) =>
      `event: ${name.slice(5)}\n${name === 'chat:token' ? 'id: 0\n' : ''}data: ${JSON.stringify(example)}\n\n`,
  )
  .join('');

const ANY_PROBLEM = {
  description: 'Any other failure, as a problem document',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Gives every operation its security, common parameters, response headers and error responses; returns a new `paths`. */
export function withStandardResponses(
  paths: OpenAPIObject['paths'],
  publicIds: ReadonlySet<string>,
): OpenAPIObject['paths'] {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const completed = METHODS.flatMap((method) => {
        const operation = item[method];
        return operation ? [[method, completeOperation(method, operation, publicIds)] as const] : [];
      });
      return [path, { ...item, ...Object.fromEntries(completed) }];
    }),
  );
}

function completeOperation(
  method: (typeof METHODS)[number],
  operation: Operation,
  publicIds: ReadonlySet<string>,
): Operation {
  const secured = !publicIds.has(operation.operationId ?? '');
  const parameters = operation.parameters ?? [];
  const honoursKey = method === 'post' && honoursIdempotencyKey(operation);
  const common = ['X-Request-Id', ...(honoursKey ? ['Idempotency-Key'] : [])]
    .filter((name) => !parameters.some((known) => 'name' in known && known.name === name))
    .map((name) => ({ $ref: `#/components/parameters/${name}` }));
  const errors: ProblemCode[] = [
    ...(parameters.length > 0 || operation.requestBody ? (['validation_failed', 'malformed_request'] as const) : []),
    ...(secured ? (['unauthenticated'] as const) : []),
    ...(parameters.some((known) => 'in' in known && known.in === 'path') ? (['not_found'] as const) : []),
    ...(operation.requestBody ? (['payload_too_large', 'unsupported_media_type'] as const) : []),
    ...(honoursKey ? (['idempotency_in_progress', 'idempotency_key_reused'] as const) : []),
    'rate_limited',
    'unavailable',
  ];
  return {
    ...operation,
    security: secured ? [{ bearer: [] }] : [],
    parameters: [...parameters, ...common],
    ...(operation.requestBody && !('$ref' in operation.requestBody)
      ? { requestBody: completeBody(operation.operationId ?? '', operation.requestBody) }
      : {}),
    responses: { ...completeResponses(operation.responses, errors), default: ANY_PROBLEM },
  };
}

function honoursIdempotencyKey(operation: Operation): boolean {
  const kind: unknown = Object.entries(operation).find(([name]) => name === IDEMPOTENCY_EXTENSION)?.[1];
  return kind !== 'read' && kind !== 'unstored';
}

function completeBody(operationId: string, body: RequestBody): RequestBody {
  const example = REQUEST_EXAMPLES[operationId];
  const described = (type: string, media: MediaType): MediaType => {
    if (type === 'application/octet-stream') return { schema: { type: 'string', format: 'binary' } };
    return type === 'application/json' && example !== undefined ? { ...media, example } : media;
  };
  const content: Record<string, MediaType> = {};
  for (const [type, media] of Object.entries(body.content)) content[type] = described(type, media);
  return { ...body, content };
}

function completeResponses(declared: Responses, codes: readonly ProblemCode[]): Responses {
  const statuses = new Set([...Object.keys(declared), ...codes.map((code) => String(new Problem(code).status))]);
  const entries = [...statuses].map((status): [string, Responses[string]] => {
    const response = declared[status] ?? { description: '' };
    if ('$ref' in response) return [status, response];
    const headers = { ...standardHeaders(status), ...response.headers };
    const complete =
      Number(status) >= 400 ? problemResponse(response, Number(status), codes) : describeStream(response);
    return [status, { ...complete, headers }];
  });
  return Object.fromEntries(entries);
}

/** Server-sent events are described by their events instead of the JSON of the whole response. */
function describeStream(response: Response): Response {
  if (!response.content?.['text/event-stream']) return response;
  const stream = { schema: { type: 'string', description: SSE_DESCRIPTION }, example: SSE_EXAMPLE };
  return { ...response, content: { ...response.content, 'text/event-stream': stream } };
}

function standardHeaders(status: string): Record<string, { $ref: string }> {
  const names = Object.keys(HEADERS).filter((name) => name !== 'Retry-After' || status === '429' || status === '503');
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Names the codes that the operation may answer: those in backticks in its description, and the standard ones of that status. */
function problemResponse(response: Response, status: number, standard: readonly ProblemCode[]): Response {
  if (response.content && !('application/problem+json' in response.content)) return response;
  const named = [...response.description.matchAll(/[a-z]+(?:_[a-z]+)+|[a-z]{5,}/g)].flatMap(([word]) => codeOf(word));
  const codes = [...new Set([...named, ...standard])].filter((code) => new Problem(code).status === status);
  const known = codes.length > 0 ? codes : PROBLEM_CODES.filter((code) => new Problem(code).status === status);
  const described = response.description.trim();
  return {
    ...response,
    description:
      described === '' ? known.map((code) => `\`${code}\`: ${PROBLEM_HELP[code].cause}`).join(' ') : described,
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { code: { type: 'string', enum: known } } },
          ],
        },
        examples: Object.fromEntries(known.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function codeOf(word: string): ProblemCode[] {
  return PROBLEM_CODES.filter((code) => code === word);
}

function exampleOf(code: ProblemCode): object {
  const errors = code === 'validation_failed' ? { errors: [{ field: 'name', message: 'must be a string' }] } : {};
  return problemDocument(new Problem(code, errors), '/api/v1/…', REQUEST_ID);
}
