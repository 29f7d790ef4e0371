import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The version of this server, such as 0.1.0. */
export const RELEASE = readRelease();

function readRelease(): string {
  // The same distance from the sources and from what is compiled out of them into dist/.
  for (const up of ['../../..', '../../../..']) {
    try {
      return z
        .object({ version: z.string() })
        .parse(JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8'))).version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}
