import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ModulesContainer } from '@nestjs/core';
import { IDEMPOTENCY_EXTENSION, PUBLIC } from '../../apps/api/src/edge/principal';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { TestApp } from '../support/app';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
}

/** The only routes without authentication; each has a reason in the contract. */
const PUBLIC_ROUTES = [
  'GET /auth/.well-known/jwks.json',
  'GET /health',
  'GET /health/ready',
  'POST /auth/login',
  'POST /auth/logout',
  'POST /auth/refresh',
  'POST /auth/register',
];

describe('routes', () => {
  let app: TestApp;
  let routes: readonly Route[];
  beforeAll(async () => {
    app = await TestApp.start();
    routes = routesOf(app);
  });
  afterAll(() => app.stop());

  it('are public only where the contract says so', () => {
    expect(routes.filter((route) => route.isPublic).map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(PUBLIC_ROUTES),
    );
    const unexpected = routes.filter((route) => route.isPublic && !allowedPublic(route));
    expect(unexpected).toEqual([]);
  });

  it('refuse whoever brings no token', async () => {
    for (const { method, path } of routes.filter((route) => !route.isPublic)) {
      const answer = await app.call(
        method.toLowerCase() as 'get',
        path.replace(/:\w+/g, '01a1fd2f-4307-769f-beae-5774deda5411'),
      );
      expect([path, answer.status, answer.body.code, answer.headers['www-authenticate']]).toEqual([
        path,
        401,
        'unauthenticated',
        'Bearer',
      ]);
    }
  });

  it('that are POSTs each name what their Idempotency-Key does', () => {
    const { paths } = openApiDocument(app.nest);
    const kinds = Object.entries(paths).flatMap(([path, { post }]) =>
      post ? [[path, new Map<string, unknown>(Object.entries(post)).get(IDEMPOTENCY_EXTENSION)] as const] : [],
    );
    expect(kinds.length).toBeGreaterThan(30);
    expect(kinds.filter(([, kind]) => kind === undefined)).toEqual([]);
  });

  it('are all described by the OpenAPI document, each with its answers', () => {
    const { paths } = openApiDocument(app.nest);
    for (const { method, path } of routes) {
      const described = paths[`/api/v1${path.replace(/:(\w+)/g, '{$1}')}`]?.[method.toLowerCase() as 'get'];
      expect([method, path, described === undefined]).toEqual([method, path, false]);
      const codes = Object.keys(described?.responses ?? {});
      expect([
        path,
        codes.some((code) => code.startsWith('2') || code.startsWith('3')),
        codes.includes('default'),
      ]).toEqual([path, true, true]);
    }
  });
});

function allowedPublic({ method, path }: Route): boolean {
  const known = [
    ...PUBLIC_ROUTES,
    'GET /auth/prelogin',
    'GET /auth/sso/start',
    'GET /auth/sso/callback',
    'POST /auth/sso/exchange',
    'POST /auth/recover',
    'POST /auth/email/verify',
    'POST /auth/passkeys/login/options',
    'POST /auth/passkeys/login',
    'POST /auth/password/forgot',
    'POST /auth/password/reset',
    'POST /billing/webhook',
    'POST /webhooks/twilio/status',
    'POST /webhooks/twilio/voice',
    'POST /webhooks/twilio/whatsapp',
    'GET /export-downloads/:token',
    'GET /gateway/status',
    'POST /gateway/tools/:name',
    'GET /notifications/vapid-key',
    'GET /notifications/ack/:token',
    'POST /notifications/ack/:token',
    'GET /billing/tiers',
    'GET /plugins/signing-key',
  ];
  return known.includes(`${method} ${path}`) || path.startsWith('/plugin-packages/');
}

function routesOf(app: TestApp): readonly Route[] {
  const reflector = app.nest.get(Reflector);
  const scanner = new MetadataScanner();
  const discovery = new DiscoveryService(app.nest.get(ModulesContainer));
  return discovery.getControllers().flatMap(({ metatype, instance }) => {
    if (!metatype) return [];
    const prototype: Record<string, () => unknown> = Object.getPrototypeOf(instance);
    const bases = [reflector.get<string | string[]>(PATH_METADATA, metatype)].flat();
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      const verb = handler && reflector.get<RequestMethod | undefined>(METHOD_METADATA, handler);
      if (!handler || verb === undefined) return [];
      const paths = [reflector.get<string | string[]>(PATH_METADATA, handler)].flat();
      const isPublic = reflector.getAllAndOverride<boolean>(PUBLIC, [handler, metatype]) === true;
      return bases.flatMap((base) =>
        paths.map((path) => ({ method: RequestMethod[verb], path: join(base, path), isPublic })),
      );
    });
  });
}

function join(base: string, path: string): string {
  return `/${[base, path]
    .map((part) => part.replace(/^\/|\/$/g, ''))
    .filter((part) => part !== '')
    .join('/')}`;
}
