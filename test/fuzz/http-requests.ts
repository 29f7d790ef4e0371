import { createHash } from 'node:crypto';
import { MANIFEST } from '../marketplace/package-samples';
import { zipOf } from '../support/builders/zip';
import { NotPrepared, type FuzzClient } from './client';
import { jsonOf, mutated, mutatedText, oddValue } from './mutations';
import { hasMaker, valueOf } from './path-values';
import { PREPARERS } from './prepared';
import type { PreparedRequest } from './prepared-request';
import type { Random } from './random';
import { SchemaValues, type Schema } from './schema-values';

export interface HttpRequest {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Text is sent as UTF-8, bytes above as they are. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly token: string | undefined;
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

/** Each of these costs a password hash or needs a new user, so they are rarer. */
const COSTLY = new Set([
  ...['register', 'login', 'changePassword', 'changeEmail', 'deleteAccount', 'deleteBackup', 'recoverAccount'],
  ...['resetPassword', 'disableTotp', 'endSession', 'requestExport', 'getExport', 'downloadExport', 'createTeam'],
  ...['deleteTeam', 'acceptInvite', 'changeTeamRole', 'getTeamMember', 'removeTeamMember', 'exchangeSsoCode'],
  ...['completeSso', 'createNotificationChannel', 'verifyNotificationChannel', 'resendChannelCode', 'getAckPage'],
  ...['updateNotificationChannel', 'deleteNotificationChannel', 'receiveTwilioStatus', 'receiveTwilioVoice'],
  ...['acknowledgeByLink', 'logout', 'deleteRun', 'resumeDag', 'deleteDagExecution'],
]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Of the requests with a fault. */
const PREPARED_SHARE = 0.1;
const VALID_SHARE = 0.2;
const BROKEN_TOKEN = 'a.b.c';
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

/** Makes requests to every operation of an OpenAPI document: some of them valid, the others with a fault. */
export class HttpRequests {
  readonly routes: readonly Route[];
  private readonly values: SchemaValues;
  /** Operations that have not been accepted yet. */
  open: readonly Route[];
  /** Whether the request that is made has no fault put in. */
  private isValid = false;
  /** Why the last valid request of an operation could not be prepared. */
  readonly unprepared = new Map<string, string>();

  constructor(
    private readonly random: Random,
    private readonly document: ApiDocument,
  ) {
    this.values = new SchemaValues(random, document.components?.schemas ?? {});
    this.routes = Object.entries(document.paths).flatMap(([template, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ method, template, operation })),
    );
    this.open = this.routes;
  }

  /** That an operation has been accepted; valid requests go to the others more often. */
  accept(operationId: string): void {
    this.open = this.open.filter(({ operation }) => operation.operationId !== operationId);
  }

  /** `admin` sends what is for administrators. Preparing a request sends others. */
  async next(user: FuzzClient, admin: FuzzClient): Promise<{ request: HttpRequest; isValid: boolean }> {
    const { random } = this;
    const isValid = random.chance(VALID_SHARE);
    this.isValid = isValid;
    const route = isValid && this.open.length > 0 && random.chance(0.3) ? random.pick(this.open) : this.route();
    const client = route.template.startsWith('/api/v1/admin') && !this.hasFault(0.1) ? admin : user;
    const prepared = isValid || random.chance(PREPARED_SHARE) ? await this.prepared(route, client) : {};
    // Others have made requests in the meantime.
    this.isValid = isValid;
    return { request: this.made(route, client, prepared), isValid };
  }

  private made(route: Route, client: FuzzClient, prepared: PreparedRequest): HttpRequest {
    const { random } = this;
    this.values.ids = [...client.made.values()].flat().filter((value) => UUID.test(value));
    const parameters = (route.operation.parameters ?? []).flatMap((parameter) => this.resolved(parameter));
    const { type, body } = this.body(route.operation, prepared);
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    for (const { in: place, name, required, schema } of parameters)
      if (place === 'header' && (required || random.chance(0.3))) headers[name.toLowerCase()] = this.parameter(schema);
    for (const name of Object.keys(headers))
      if (name.endsWith('-checksum') && !this.hasFault(0.3))
        headers[name] = createHash('sha256').update(body).digest('hex');
    for (const [name, value] of Object.entries(prepared.headers ?? {}))
      headers[name] = this.hasFault(0.2) ? mutatedText(random, value) : value;
    if (this.hasFault(0.1)) headers['content-type'] = random.pick(TYPES);
    if (this.hasFault(0.15)) Object.assign(headers, Object.fromEntries([random.pick(ODD_HEADERS)]));
    const token = prepared.token ?? client.account.accessToken;
    return {
      operation: route.operation.operationId,
      method: this.hasFault(0.02) ? random.pick(METHODS) : route.method,
      path: this.path(route.template, parameters, prepared),
      headers,
      body,
      token: !this.hasFault(0.05) ? token : random.chance(0.5) ? BROKEN_TOKEN : undefined,
    };
  }

  /** What the path and the body of a valid request name. */
  private async prepared({ template, method, operation }: Route, client: FuzzClient): Promise<PreparedRequest> {
    const isNew = method === 'delete' || this.random.chance(0.1);
    try {
      const prepared = (await PREPARERS[operation.operationId]?.(client)) ?? {};
      const path: Record<string, string> = { ...prepared.path };
      for (const [place, name = ''] of template.matchAll(/\{(\w+)\}/g)) {
        const prefix = template.slice('/api/v1'.length, template.indexOf(place) + place.length);
        if (!(name in path) && hasMaker(prefix)) path[name] = await valueOf(client, prefix, isNew);
      }
      this.unprepared.delete(operation.operationId);
      return { ...prepared, path };
    } catch (error) {
      if (!(error instanceof NotPrepared)) throw error;
      this.unprepared.set(operation.operationId, error.message);
      return {};
    }
  }

  private route(): Route {
    const route = this.random.pick(this.routes);
    return COSTLY.has(route.operation.operationId) && this.random.chance(0.85) ? this.route() : route;
  }

  private hasFault(share: number): boolean {
    return !this.isValid && this.random.chance(share);
  }

  private resolved(parameter: Parameter | { readonly $ref: string }): Parameter[] {
    if (!('$ref' in parameter)) return [parameter];
    const found = this.document.components?.parameters?.[parameter.$ref.slice(parameter.$ref.lastIndexOf('/') + 1)];
    return found ? [found] : [];
  }

  private path(template: string, parameters: readonly Parameter[], prepared: PreparedRequest): string {
    const { random } = this;
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const known = prepared.path?.[name];
      if (known !== undefined && !this.hasFault(0.2)) return this.inUrl(known);
      const schema = parameters.find((parameter) => parameter.name === name)?.schema;
      return this.inUrl(this.parameter(name === 'id' || !schema ? { type: 'string', format: 'uuid' } : schema));
    });
    const query = this.query(parameters, prepared);
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

  private query(parameters: readonly Parameter[], prepared: PreparedRequest): string[] {
    if (prepared.query !== undefined && !this.hasFault(0.5)) return prepared.query === '' ? [] : [prepared.query];
    return parameters
      .filter(({ in: place, required }) => place === 'query' && (required || this.random.chance(0.5)))
      .map(({ name, schema }) => this.queryPart(name, this.inUrl(this.parameter(schema))));
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

  private body(
    { requestBody }: Operation,
    prepared: PreparedRequest,
  ): { readonly type?: string; readonly body: Buffer } {
    const { random } = this;
    if (prepared.body) return { ...prepared, body: this.hasFault(0.5) ? cut(random, prepared.body) : prepared.body };
    if (!requestBody) {
      if (!this.hasFault(0.1)) return { body: Buffer.alloc(0) };
      return { type: 'application/json', body: Buffer.from(jsonOf(random, oddValue(random))) };
    }
    const type = prepared.json === undefined ? random.pick(Object.keys(requestBody.content)) : 'application/json';
    const { schema = {}, example } = requestBody.content[type] ?? {};
    if (type === 'application/octet-stream') return { type, body: random.bytes(random.below(200)) };
    // A schema allows more than the prepared body shows, but nothing that only the server knows.
    const usual = prepared.json !== undefined && random.chance(0.9) ? prepared.json : example;
    const valid = usual !== undefined && random.chance(0.8) ? usual : this.values.valid(schema);
    if (type === 'multipart/form-data') return multipart(random, valid);
    if (this.isValid) return { type, body: Buffer.from(JSON.stringify(valid)) };
    if (random.chance(0.2)) return { type, body: Buffer.from(JSON.stringify(withNull(random, valid))) };
    let value = valid;
    for (let faults = random.below(3); faults > 0; faults -= 1) value = mutated(random, value);
    return { type, body: Buffer.from(jsonOf(random, value)) };
  }
}

/** Many clients send null for what is not given. */
function withNull(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const names = Object.keys(value);
  return names.length === 0 ? value : { ...value, [random.pick(names)]: null };
}

/** Some bytes changed, or fewer of them. */
function cut(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  if (random.chance(0.3)) return bytes.subarray(0, at);
  return Buffer.concat([bytes.subarray(0, at), random.bytes(random.below(4)), bytes.subarray(at)]);
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
