import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { TestApp } from '../support/app';

const CLIENT = join(__dirname, '../../libs/client');
const DOCUMENT = join(CLIENT, 'openapi.json');
const TYPES = join(CLIENT, 'src/generated/types.gen.ts');
/** `npm run sdk` sets it: then what differs is written instead of refused. */
const updating = process.env['UPDATE_SDK'] !== undefined;

let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await TestApp.start();
  folder = mkdtempSync(join(tmpdir(), 'adiuva-sdk-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await app.stop();
});

function held(file: string, now: string): void {
  if (updating) writeFileSync(file, now);
  expect(readFileSync(file, 'utf8')).toBe(now);
}

test('the committed document is the one that the server serves (npm run sdk brings it up to date)', () => {
  held(DOCUMENT, `${JSON.stringify(openApiDocument(app.nest), null, 2)}\n`);
});

test('the types of the client are made from that document', () => {
  const generator = join(__dirname, '../../node_modules/@hey-api/openapi-ts/bin/run.js');
  execFileSync(process.execPath, [generator, '-i', DOCUMENT, '-o', folder, '-p', '@hey-api/typescript'], {
    stdio: 'ignore',
  });
  held(TYPES, readFileSync(join(folder, 'types.gen.ts'), 'utf8'));
});
