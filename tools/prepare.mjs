// After `npm ci` in a checkout: builds, and makes the template of the embedded PostgreSQL. With `--omit=dev` there is nothing to build with:
// dist/ comes with a release or from a build elsewhere.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

function isInstalled(name) {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

if (isInstalled('@nestjs/cli') && isInstalled('vite')) {
  execFileSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
  execFileSync(process.execPath, ['dist/apps/cli/src/main.js', 'template'], { stdio: 'inherit' });
}
