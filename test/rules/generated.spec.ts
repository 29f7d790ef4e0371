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

  it('have the confusables of Unicode as the Latin letters and digits that they resemble', () => {
    const unicode: Record<string, string> = JSON.parse(
      readFileSync(resolve(ROOT, 'node_modules/unhomoglyph/data.json'), 'utf8'),
    );
    const groups = new Map<string, string>();
    for (const [character, prototype] of Object.entries(unicode)) {
      const letters = latinOf(prototype);
      if (!isOwnForm(character) || !/^[a-z0-9]{1,3}$/.test(letters)) continue;
      groups.set(letters, (groups.get(letters) ?? '') + character);
    }
    const lines = [...groups].sort().map(([letters, characters]) => `  ${letters}: '${characters}',\n`);
    expectGenerated(
      'libs/kernel/src/confusables.generated.ts',
      `${CONFUSABLES_HEADER}\nexport const UNICODE_CONFUSABLES: Readonly<Record<string, string>> = {\n${lines.join('')}};\n`,
    );
  });
});

const CONFUSABLES_HEADER = `/**
 * Characters that look like Latin letters or digits (Unicode TS 39, confusables.txt), by these. Without those that Unicode itself decomposes,
 * and with the two letters rn as m. Written by \`npm run generate\` from the package unhomoglyph.
 */`;

function latinOf(prototype: string): string {
  return prototype.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace('rn', 'm');
}

/** One character outside ASCII that no decomposition leads to another. */
function isOwnForm(character: string): boolean {
  return /^[^\0-\x7f\p{M}]$/u.test(character) && character.normalize('NFKD') === character;
}
