import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLIENT = join(__dirname, '../../libs/client');
const SOURCES = join(CLIENT, 'src');

/**
 * Routes that are not for an app: those of the browser that it opens, Stripe's and Twilio's own, the page behind an acknowledgement link, the keys of other services, the package that an install hands out the address of, the gateway of agent workers, and the
 * backup in one piece, because this client always sends one that can be gone on with.
 */
const NOT_FOR_APPS = [
  'GET /auth/sso/start',
  'GET /auth/sso/callback',
  'POST /billing/webhook',
  'GET /auth/.well-known/jwks.json',
  'GET /plugin-packages/{}',
  'PUT /backup',
  'GET /notifications/ack/{}',
  'POST /notifications/ack/{}',
  'GET /export-downloads/{}',
  'POST /gateway/tools/{}',
  'GET /gateway/status',
  'POST /webhooks/twilio/status',
  'POST /webhooks/twilio/voice',
  'POST /webhooks/twilio/whatsapp',
];

const CALL =
  /\.(?:json|send)(?:<(?:[^<>]|<[^<>]*>)*>)?\(\s*'(GET|POST|PUT|PATCH|DELETE)',\s*((?:[^,()`']|`[^`]*`|'[^']*'|\([^()]*\))+)/g;
const LITERAL = /`([^`]*)`|'([^']*)'|\b([a-z]\w*)\([^)]*\)/gi;
const PATH_FUNCTION = /function (\w+)\([^)]*\)[^{]*\{\s*return `([^`]+)`;\s*\}/g;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'generated') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [readFileSync(path, 'utf8')];
  });
}

/** What is downloaded with ranges. */
const DOWNLOAD = /\brangedDownload\(\s*this\.http,\s*((?:[^,()`']|`[^`]*`|'[^']*'|\([^()]*\))+)/g;

/** `METHOD /path/{}` of every request that a source makes. */
function callsIn(source: string): string[] {
  const functions = new Map([...source.matchAll(PATH_FUNCTION)].map(([, name = '', path = '']) => [name, path]));
  const resolved = (path: string): string =>
    path
      .replace(/\$\{(\w+)\([^`}]*\)\}/g, (whole, name: string) => functions.get(name) ?? whole)
      .replace(/\$\{[^}]*\}/g, '{}');
  const downloads = [...source.matchAll(DOWNLOAD)].map(([all, expression = '']) => [all, 'GET', expression]);
  return [...source.matchAll(CALL), ...downloads].flatMap(([, method = '', expression = '']) =>
    [...expression.matchAll(LITERAL)]
      .map(([, template, text, name]) => resolved(template ?? text ?? functions.get(name ?? '') ?? ''))
      .filter((path) => path.startsWith('/'))
      .map((path) => `${method} ${path}`),
  );
}

function routes(): string[] {
  const { paths }: { paths: Record<string, object> } = JSON.parse(readFileSync(join(CLIENT, 'openapi.json'), 'utf8'));
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => `${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{[^}]*\}/g, '{}')}`,
    ),
  );
}

test('the client has a call for every route of the contract', () => {
  const calls = new Set(sources(SOURCES).flatMap(callsIn));
  expect(calls.size).toBeGreaterThan(50);
  expect(routes().filter((route) => !calls.has(route) && !NOT_FOR_APPS.includes(route))).toEqual([]);
});
