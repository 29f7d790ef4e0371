import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** How the build compresses each file, by the names of HTTP; the best first. */
export const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

export interface ConsoleFile {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly coded: Readonly<Record<Coding, Buffer | undefined>>;
}

/** The files of a build of the console, each read on its first request. Only names of the build exist. */
export class ConsoleFiles {
  readonly page: string;
  readonly serviceWorker: string;
  /** Of the frame with the bot check, where there is one. */
  readonly botCheckPage: string | undefined;
  /** The languages of the console, each with the name of its texts. */
  readonly languages: ReadonlyMap<string, string>;
  private readonly names: ReadonlySet<string>;
  private readonly files = new Map<string, Promise<ConsoleFile>>();

  /** `siteKey`: of the bot check that pages show before a sign-in, where the server demands one. */
  constructor(
    private readonly folder: string,
    siteKey: string | undefined,
  ) {
    const page = (name: string): string => withSiteKey(readFileSync(join(folder, name), 'utf8'), siteKey);
    this.page = page('index.html');
    this.serviceWorker = readFileSync(join(folder, 'service-worker.js'), 'utf8');
    this.botCheckPage = siteKey === undefined ? undefined : page('bot-check.html');
    const names = readdirSync(join(folder, 'assets')).filter((name) => extname(name) in CONTENT_TYPES);
    this.names = new Set(names);
    this.languages = new Map(
      names.filter((name) => /^[a-z]{2}-.+\.js$/.test(name)).map((name) => [name.slice(0, 2), name]),
    );
  }

  find(name: string): Promise<ConsoleFile> | undefined {
    if (!this.names.has(name)) return undefined;
    const known = this.files.get(name);
    if (known) return known;
    const read = this.read(name);
    this.files.set(name, read);
    read.catch(() => this.files.delete(name));
    return read;
  }

  private async read(name: string): Promise<ConsoleFile> {
    const path = join(this.folder, 'assets', name);
    const [bytes, br, gzip] = await Promise.all([readFile(path), readIfThere(`${path}.br`), readIfThere(`${path}.gz`)]);
    return { contentType: CONTENT_TYPES[extname(name)] ?? 'application/octet-stream', bytes, coded: { br, gzip } };
  }
}

function withSiteKey(page: string, siteKey: string | undefined): string {
  return siteKey === undefined
    ? page
    : page.replace('<title>', `<meta name="bot-check" content="${encodeURIComponent(siteKey)}" />\n    <title>`);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return existsSync(path) ? readFile(path) : undefined;
}
