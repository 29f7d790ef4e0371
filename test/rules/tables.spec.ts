import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Statements that need a table of another lib in one round trip or under one lock; each has its reason. */
const EXCEPTIONS: readonly string[] = [
  // A grant or a run is only for an account that lives.
  'libs/billing/src/subscriptions/subscription-sql.ts: users',
  'libs/runs/src/run-starter.service.ts: users',
  // A backup of the server says which installation it is of.
  'libs/server-backup/src/database-snapshot.adapter.ts: installation',
  // Administrators list accounts with their tier and last use in one statement.
  'libs/billing/src/administration/user-administration.service.ts: users',
  'libs/billing/src/administration/user-administration.service.ts: sessions',
  // Tokens are reserved, and answers kept, only for an account that lives.
  'libs/llm/src/budget/token-budget.service.ts: users',
  'libs/platform/src/idempotency/idempotency.service.ts: users',
  // Creations of goals take turns under the row of the user, so that tier limits hold.
  'libs/automations/src/goals/goals.service.ts: users',
  // A result is sealed to the devices in the transaction that ends the run.
  'libs/runs/src/results/run-completion.service.ts: devices',
  // The estimate of a code job is the mean of the runs before.
  'libs/projects/src/jobs/jobs.service.ts: runs',
  // The feed reads the position that the ledger counts.
  'libs/storage/src/changes/change-retention.service.ts: storage_usage',
  'libs/storage/src/records/record-statements.ts: storage_usage',
];

describe('tables', () => {
  it('are named in SQL only by the lib that owns their entity', () => {
    const files = tracked();
    const owners = files.flatMap(({ file, text }) =>
      [...text.matchAll(/@Entity\('([a-z_]+)'/g)].map(([, table = '']) => ({ table, lib: libOf(file) })),
    );
    expect(owners.length).toBeGreaterThan(30);
    const foreign = files.flatMap(({ file, text }) =>
      owners
        .filter(
          ({ table, lib }) => lib !== libOf(file) && new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE) ${table}\\b`).test(text),
        )
        .map(({ table }) => `${file}: ${table}`),
    );
    expect(foreign.filter((use) => !EXCEPTIONS.includes(use))).toEqual([]);
    expect(EXCEPTIONS.filter((use) => !foreign.includes(use))).toEqual([]);
  });
});

function tracked(): { file: string; text: string }[] {
  const list = execFileSync('git', ['ls-files', '--', 'libs', 'apps'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n');
  return list
    .filter((file) => file.endsWith('.ts') && !file.includes('/migrations/') && !file.startsWith('libs/client/'))
    .map((file) => ({ file, text: readFileSync(resolve(ROOT, file), 'utf8') }));
}

function libOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}
