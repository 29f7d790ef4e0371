import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { JobHandlers } from '../../apps/worker/src/job-handlers.service';
import { TestApp } from '../support/app';

const ROOT = resolve(__dirname, '../..');

describe('job kinds', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  it('each have exactly one handler', () => {
    const kinds = sources().flatMap((text) => [...text.matchAll(/\bjobKind\(\s*'([a-z_]+)'/g)].map(([, name]) => name));
    expect(kinds.length).toBeGreaterThan(20);
    // The pool of runs has tasks of its own, which are no job kinds.
    const handled = app.nest.get(JobHandlers).all.map(({ name }) => name);
    expect(handled.sort()).toEqual(kinds.sort());
  });
});

function sources(): string[] {
  const files = execFileSync('git', ['grep', '-l', 'jobKind(', '--', 'libs', 'apps'], { cwd: ROOT, encoding: 'utf8' });
  return files
    .trim()
    .split('\n')
    .map((file) => readFileSync(resolve(ROOT, file), 'utf8'));
}
