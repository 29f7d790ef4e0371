import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import wabt from 'wabt';

const ROOT = resolve(__dirname, '../..');

/** `npm run generate` writes the files that are committed; without it they are compared. */
const UPDATE = process.env['UPDATE_GENERATED'] === '1';

function expectGenerated(file: string, source: string): void {
  const path = resolve(ROOT, file);
  if (UPDATE) writeFileSync(path, source);
  expect(source).toBe(readFileSync(path, 'utf8'));
}

describe('generated sources', () => {
  it('have the kernel of the vector scan as it is compiled from WebAssembly text', async () => {
    const { parseWat } = await wabt();
    const kernel = parseWat(
      'scan-kernel.wat',
      readFileSync(resolve(ROOT, 'libs/vectors/src/scan/scan-kernel.wat'), 'utf8'),
      {
        simd: true,
      },
    );
    const { buffer } = kernel.toBinary({});
    const base64 = Buffer.from(buffer).toString('base64');
    expectGenerated(
      'libs/vectors/src/scan/scan-kernel.generated.ts',
      `/** Compiled from scan-kernel.wat by \`npm run generate\`. */\nexport const SCAN_KERNEL =\n  '${base64}';\n`,
    );
  });
});
