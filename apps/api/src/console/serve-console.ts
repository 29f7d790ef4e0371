import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Response } from 'express';
import { BotCheckConfig } from '../edge/limits/bot-check.config';
import type { EdgeRequest } from '../edge/principal';
import { CODINGS, ConsoleFiles, type Coding } from './console-files';

/** The repository, or `dist` where this is compiled. */
const ROOT = join(__dirname, '../../../..');
const FOLDERS = [join(ROOT, 'dist/console'), join(ROOT, 'console')];

/** Files of this server alone, no script in a page. WebAssembly derives the key of a password (Argon2id). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Of the frame with the bot check (Turnstile), which has no part in the policy of the page around it. */
const BOT_CHECK_POLICY = [
  "default-src 'none'",
  "script-src 'self' https://challenges.cloudflare.com",
  'frame-src https://challenges.cloudflare.com',
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

const ASSETS = '/assets/';
/** Its name is the same in every build, so that browsers find the next one. */
const SERVICE_WORKER = '/service-worker.js';

/** The web console under `/console`, and `/` leads there. A server whose console is not built has neither. */
export function serveConsole(app: NestExpressApplication): void {
  const folder = FOLDERS.find((path) => existsSync(join(path, 'index.html')));
  if (folder === undefined) return;
  const { TURNSTILE_ENABLED: isChecked, TURNSTILE_SITE_KEY: siteKey } = app.get(BotCheckConfig);
  const files = new ConsoleFiles(folder, isChecked ? siteKey : undefined);
  const policy = files.botCheckPage === undefined ? POLICY : `${POLICY}; frame-src 'self'`;
  app.use('/console', (request: EdgeRequest, response: Response, next: NextFunction) => {
    if (!isRead(request)) return next();
    if (request.path.startsWith(ASSETS)) return sendFile(files, request, response, next);
    if (request.path === SERVICE_WORKER) {
      describe(response, POLICY);
      response.setHeader('Cache-Control', 'no-cache');
      response.type('js').send(files.serviceWorker);
      return;
    }
    // Addresses of the console have no ending, so that a file that is missing is a 404.
    if (/\.[a-z0-9]+$/i.test(request.path)) return next();
    // The page names the files of one build: a browser asks whether it is the current one.
    response.setHeader('Cache-Control', 'no-cache');
    if (request.path === '/bot-check' && files.botCheckPage !== undefined) {
      describe(response, BOT_CHECK_POLICY);
      response.type('html').send(files.botCheckPage);
      return;
    }
    describe(response, policy);
    // The texts arrive with the scripts, that otherwise ask for them when they run.
    const texts = files.languages.get(String(request.acceptsLanguages([...files.languages.keys()])));
    if (texts !== undefined) response.setHeader('Link', `</console${ASSETS}${texts}>; rel=modulepreload`);
    response.setHeader('Vary', 'Accept-Language');
    response.type('html').send(files.page);
  });
  app.use((request: EdgeRequest, response: Response, next: NextFunction) => {
    if (isRead(request) && request.path === '/') response.redirect(302, '/console/');
    else next();
  });
}

function sendFile(files: ConsoleFiles, request: EdgeRequest, response: Response, next: NextFunction): void {
  const found = files.find(request.path.slice(ASSETS.length));
  if (!found) return next();
  found.then(({ contentType, bytes, coded }) => {
    const coding = codingOf(request);
    const body = coding && coded[coding];
    describe(response, POLICY);
    // The name has the hash of the content.
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.setHeader('Vary', 'Accept-Encoding');
    if (coding && body) response.setHeader('Content-Encoding', coding);
    response.setHeader('Content-Type', contentType);
    response.end(body ?? bytes);
  }, next);
}

function codingOf(request: EdgeRequest): Coding | undefined {
  const accepted = request.acceptsEncodings();
  return CODINGS.find((coding) => accepted.includes(coding));
}

function describe(response: Response, policy: string): void {
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()');
}

function isRead({ method }: EdgeRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}
