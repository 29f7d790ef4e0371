import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseCrontab } from 'graphile-worker';
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

  it('have schedules that graphile-worker can read', () => {
    const scheduled = app.nest.get(JobHandlers).all.flatMap(({ name, cron }) => (cron ? [`${cron} ${name}`] : []));
    expect(scheduled.length).toBeGreaterThan(5);
    expect(parseCrontab(scheduled.join('\n'))).toHaveLength(scheduled.length);
  });
});

function sources(): string[] {
  const files = execFileSync('git', ['grep', '-l', 'jobKind(', '--', 'libs', 'apps'], { cwd: ROOT, encoding: 'utf8' });
  return files
    .trim()
    .split('\n')
    .map((file) => readFileSync(resolve(ROOT, file), 'utf8'));
}
