import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the server serves: `npm ci` and `npm run build` make it. */
export const SERVED = join(__dirname, '../../dist/console/assets');

if (!existsSync(SERVED)) execFileSync('npm', ['run', 'build:console'], { stdio: 'ignore' });
