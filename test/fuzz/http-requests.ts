import { createHash } from 'node:crypto';
import { MANIFEST } from '../marketplace/package-samples';
import { zipOf } from '../support/builders/zip';
import { jsonOf, mutated, mutatedText, oddValue } from './mutations';
import type { Random } from './random';
import { SchemaValues, type Schema } from './schema-values';

export interface HttpRequest {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Text is sent as UTF-8, bytes above as they are. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly token: 'valid' | 'none' | 'broken';
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: Schema; example?: unknown }>>;
  };
}
/** The part of an OpenAPI document that requests are made from. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly parameters?: Readonly<Record<string, Parameter>>;
  };
}
interface Route {
  readonly method: string;
  readonly template: string;
  readonly operation: Operation;
}

/** Each of these costs a password hash, so they are rarer. */
const HASHING = new Set(['register', 'login', 'changePassword', 'deleteAccount', 'deleteBackup', 'recoverAccount']);
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'propfind'];
const TYPES = [
  'text/plain',
  'x',
  '',
  'application/json; charset=utf-16',
  'application/json; charset=x',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'text/xml',
];
const ODD_HEADERS: readonly (readonly [string, string])[] = [
  ['content-encoding', 'gzip'],
  ['content-encoding', 'identity'],
  ['accept', 'text/event-stream'],
  ['accept', 'image/*;q=0, */*;q=-1'],
  ['accept-language', 'x'.repeat(500)],
  ['range', 'bytes=0-0,-1'],
  ['range', 'bytes=9-1'],
  ['if-match', 'W/"'],
  ['if-none-match', '*'],
  ['if-match', '"99999999999999999999"'],
  ['if-modified-since', 'Thu, 32 Foo 99999 99:99:99 GMT'],
  ['idempotency-key', 'k'],
  ['x-request-id', 'a b\tc'],
  ['x-forwarded-for', '::ffff:999.1.1.1, unknown'],
  ['origin', 'null'],
  ['access-control-request-method', 'X'],
  ['cookie', '=;;=a=b'],
  ['last-event-id', '-1'],
  ['expect', '100-continue'],
  ['x-http-method-override', 'DELETE'],
  ['content-md5', '='],
  ['stripe-signature', 't=1e999,v1=00,v1=,=,v1'],
];

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MAX_IDS = 30;

/** Makes requests to every operation of an OpenAPI document: half of them valid as far as the schema says, the others with a fault. */
export class HttpRequests {
  readonly routes: readonly Route[];
  private readonly values: SchemaValues;
  /** Whether the request that is made has no fault put in. */
  private isValid = false;
  /** Identifiers that the server has returned, by the first part of the path. */
  private readonly ids = new Map<string, string[]>();

  constructor(
    private readonly random: Random,
    private readonly document: ApiDocument,
  ) {
    this.values = new SchemaValues(random, document.components?.schemas ?? {});
    this.routes = Object.entries(document.paths).flatMap(([template, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ method, template, operation })),
    );
  }

  next(): HttpRequest {
    const { random } = this;
    this.isValid = random.chance(0.5);
    const route = this.route();
    const kind = random.chance(0.85) ? kindOf(route.template) : random.pick([...this.ids.keys(), '']);
    this.values.ids = this.ids.get(kind) ?? [];
    const parameters = (route.operation.parameters ?? []).flatMap((parameter) => this.resolved(parameter));
    const { type, body } = this.body(route.operation);
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    for (const { in: place, name, required, schema } of parameters)
      if (place === 'header' && (required || random.chance(0.3))) headers[name.toLowerCase()] = this.parameter(schema);
    for (const name of Object.keys(headers))
      if (name.endsWith('-checksum') && !this.hasFault(0.3))
        headers[name] = createHash('sha256').update(body).digest('hex');
    if (this.hasFault(0.1)) headers['content-type'] = random.pick(TYPES);
    if (this.hasFault(0.15)) Object.assign(headers, Object.fromEntries([random.pick(ODD_HEADERS)]));
    return {
      operation: route.operation.operationId,
      method: this.hasFault(0.02) ? random.pick(METHODS) : route.method,
      path: this.path(route.template, parameters),
      headers,
      body,
      token: this.hasFault(0.05) ? random.pick(['none', 'broken']) : 'valid',
    };
  }

  /** Takes identifiers out of a response, so that later requests can name what exists. */
  learn({ path }: HttpRequest, text: string): void {
    const kind = kindOf(path);
    const known = [...(this.ids.get(kind) ?? []), ...(text.match(ID) ?? []).slice(0, 5)];
    this.ids.set(kind, known.slice(-MAX_IDS));
  }

  private route(): Route {
    const route = this.random.pick(this.routes);
    return HASHING.has(route.operation.operationId) && this.random.chance(0.8) ? this.route() : route;
  }

  private hasFault(share: number): boolean {
    return !this.isValid && this.random.chance(share);
  }

  private resolved(parameter: Parameter | { readonly $ref: string }): Parameter[] {
    if (!('$ref' in parameter)) return [parameter];
    const found = this.document.components?.parameters?.[parameter.$ref.slice(parameter.$ref.lastIndexOf('/') + 1)];
    return found ? [found] : [];
  }

  private path(template: string, parameters: readonly Parameter[]): string {
    const { random } = this;
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const schema = parameters.find((parameter) => parameter.name === name)?.schema;
      return this.inUrl(this.parameter(name === 'id' || !schema ? { type: 'string', format: 'uuid' } : schema));
    });
    const query = parameters
      .filter(({ in: place, required }) => place === 'query' && (required || random.chance(0.5)))
      .map(({ name, schema }) => this.queryPart(name, this.inUrl(this.parameter(schema))));
    if (this.hasFault(0.06))
      query.push(random.pick(['%', '=', '&&', '%ff=%00', 'a[b][c]=1', '__proto__[x]=1', 'x=%u0041']));
    const whole = query.length > 0 ? `${path}?${query.join('&')}` : path;
    if (!this.hasFault(0.06)) return whole;
    return random.pick([
      `${path}/`,
      `/${path}`,
      whole.replace('/api/', '/api/../api/'),
      `${whole}%2f..%2f..`,
      `${whole}%00`,
      whole.toUpperCase(),
      `${path};a=b`,
      whole.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    ]);
  }

  private queryPart(name: string, value: string): string {
    const part = `${name}=${value}`;
    if (!this.hasFault(0.2)) return part;
    return this.random.pick([
      name,
      `${name}=`,
      `${part}&${part}`,
      `${name}[]=${value}`,
      `${name}[a]=${value}`,
      `${name}[__proto__]=1`,
    ]);
  }

  /** A value of a path, query or header as text. */
  private parameter(schema: Schema = { type: 'string' }): string {
    const { random } = this;
    const text = String(this.values.valid(schema));
    if (!this.hasFault(0.4)) return text;
    const odd = random.chance(0.5) ? mutatedText(random, text) : oddValue(random);
    return typeof odd === 'object' ? JSON.stringify(odd) : String(odd);
  }

  private inUrl(text: string): string {
    if (this.hasFault(0.05))
      return this.random.pick(['%', '%00', '%ff', '%c0%ae', '%2e%2e', '%252e', '+', '%e2%28%a1']);
    return encodeURIComponent(text.toWellFormed());
  }

  private body({ requestBody }: Operation): { readonly type?: string; readonly body: Buffer } {
    const { random } = this;
    if (!requestBody) {
      if (!this.hasFault(0.1)) return { body: Buffer.alloc(0) };
      return { type: 'application/json', body: Buffer.from(jsonOf(random, oddValue(random))) };
    }
    const type = random.pick(Object.keys(requestBody.content));
    const { schema = {}, example } = requestBody.content[type] ?? {};
    if (type === 'application/octet-stream') return { type, body: random.bytes(random.below(200)) };
    const valid = example !== undefined && random.chance(0.3) ? example : this.values.valid(schema);
    if (type === 'multipart/form-data') return multipart(random, valid);
    if (this.isValid) return { type, body: Buffer.from(JSON.stringify(valid)) };
    let value = valid;
    for (let faults = random.below(3); faults > 0; faults -= 1) value = mutated(random, value);
    return { type, body: Buffer.from(jsonOf(random, value)) };
  }
}

/** `/api/v1/goals/{id}` → `goals`. Runs begin with a goal. */
function kindOf(path: string): string {
  const [, , , kind = ''] = path.split('/');
  return path.endsWith('/run') ? 'runs' : kind === 'admin' ? 'plugins' : kind;
}

function multipart(random: Random, value: unknown): { readonly type: string; readonly body: Buffer } {
  const boundary = random.pick(['b', 'x'.repeat(70), "'()+_,-./:=?"]);
  const files = [zipOf({ 'main.js': 'let a = 1;' }), random.bytes(random.below(300)), Buffer.from('{}')];
  const parts = Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([name, member]) => {
    const isFile = name === 'package' || name === 'file';
    const file = isFile
      ? `; filename="${random.pick(['a.zip', '../a', 'é', '"', ''])}"\r\nContent-Type: ${random.pick(['application/zip', 'x', 'audio/mpeg'])}`
      : '';
    const value = name === 'manifest' && random.chance(0.5) ? MANIFEST : member;
    const json = Buffer.from(jsonOf(random, random.chance(0.5) ? mutated(random, value) : value));
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${random.chance(0.95) ? name : 'x'}"${file}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), isFile ? random.pick(files) : json, Buffer.from('\r\n')]);
  });
  const whole = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  const body = random.chance(0.9) ? whole : whole.subarray(0, random.below(whole.length));
  return { type: `multipart/form-data; boundary="${boundary}"`, body };
}
