import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';

const PAGE = '<!doctype html><meta charset="utf-8"><title>test</title><script src="/page.js"></script>';

/** Chromium or Chrome on the PATH. */
function chromiumPath(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

const CHROMIUM = chromiumPath();

/** Skips its tests where there is no Chromium, unless REQUIRE_CHROMIUM is set. */
export function describeInChromium(name: string, tests: () => void): void {
  if (CHROMIUM !== undefined) return describe(name, tests);
  const hint = 'There is no Chromium on the PATH: install the package "chromium" to test the SDK in a browser';
  if (process.env['REQUIRE_CHROMIUM'] !== undefined) throw new Error(hint);
  console.warn(hint);
  describe.skip(name, tests);
}

/** For a machine that is much slower than this one. */
const TIMEOUT_MS = 120_000;

/** Root has no sandbox. `args` beside those that every test needs. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: CHROMIUM ?? '',
    timeout: TIMEOUT_MS,
    args: ['--disable-gpu', '--disable-dev-shm-usage', ...(isRoot ? ['--no-sandbox'] : []), ...args],
  });
}

/** In a context of its own. */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(TIMEOUT_MS);
  return context.newPage();
}

/** Serves one page with the bundle of `script` on an origin of its own; what the script imports is resolved in `folder`. */
export class PageServer {
  private constructor(private readonly server: Server) {}

  static async start(script: string, folder: string): Promise<PageServer> {
    const bundle = await build({
      stdin: { contents: readFileSync(script, 'utf8'), resolveDir: folder },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
    });
    const code = bundle.outputFiles[0]?.text ?? '';
    const server = createServer(({ url }, response) => {
      const isScript = url === '/page.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? code : PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PageServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
