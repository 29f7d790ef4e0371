import type { Browser } from 'playwright-core';
import { Accounts } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { LANDING_PATHS, SCREEN_PATHS, SIGNED_OUT_PATHS } from '../../apps/console/src/shell/paths';
import { describeInChromium, launchChromium } from '../client/support/browser';
import { PASSWORD, TestApp } from '../support/app';
import { zipOf } from '../support/builders/zip';
import { ConsolePage } from './console-page';

const MANIFEST = {
  name: 'Week planner',
  description: 'Plans the week from the tasks.',
  version: '1.0.0',
  author: 'Anna',
  permissions: ['tasks:read'],
  category: 'planning',
  price_cents: 0,
};
const FIELDS = { Name: 'name', Author: 'author', Category: 'category', Description: 'description' } as const;

/** As they are after a sync: what was written in another browser. */
const WRITE_NOTES = `(async () => {
  const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.startsWith('adiuva-console-records'));
  const database = await new Promise((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  const transaction = database.transaction('records', 'readwrite');
  for (let index = 0; index < 10_000; index += 1) {
    const id = crypto.randomUUID();
    const note = { id, title: 'Note ' + index, content: 'This is number ' + index + '.', updated_at: Date.now() - index * 60_000 };
    const data = new TextEncoder().encode(JSON.stringify(note));
    transaction.objectStore('records').put({ id, table: 'notes', data, dirty: false, version: 1, onServer: true, edits: 1 });
  }
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  database.close();
})()`;

const COPY_RUNS = `INSERT INTO runs
  SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid()))).*
  FROM runs AS one, generate_series(1, 1000)
  WHERE one.id = (SELECT id FROM runs WHERE user_id = $1 AND status = 'completed' LIMIT 1)`;

/** Follows the links from one screen to all others, each once; of those with an id, the first of a kind. */
async function walk(user: ConsolePage, from = '/'): Promise<{ addresses: string[]; findings: string[] }> {
  const open = [from];
  const known = new Set(open);
  const findings: string[] = [];
  for (const address of open) {
    await user.show(address);
    findings.push(...(await user.audit()).map((finding) => `${address}: ${finding}`));
    for (const link of await user.links()) {
      const isInside = from === '/' || link.startsWith(from);
      if (!isInside || known.has(withoutIds(link))) continue;
      known.add(withoutIds(link));
      open.push(link);
    }
  }
  return { addresses: open.map(withoutIds), findings };
}

function withoutIds(address: string): string {
  return address.replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}/g, '/:id');
}

function isAt(path: string, address: string): boolean {
  const pattern = path.replace(/\/:\w+\?/g, '(?:/[^/]+)?').replace(/:\w+/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(address);
}

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
  await app.startRuns();
});
afterAll(() => app.stop());

describeInChromium('the console in a browser', () => {
  let browser: Browser;
  let user: ConsolePage;
  let words: string;
  const email = `console-${process.pid}-${Date.now()}@example.org`;

  beforeAll(async () => {
    browser = await launchChromium();
    user = await ConsolePage.open(browser, app.url);
  });
  afterAll(() => browser.close());
  afterEach(() => expect(user.errors).toEqual([]));

  it('signs a new user up, shows the recovery words and keeps the keys over a reload', async () => {
    await user.goto('/');
    expect(await user.accessibilityFindings()).toEqual([]);
    words = await user.signUp(email);
    await user.page.reload();
    await user.page.getByRole('heading', { name: /Hello/ }).waitFor();
    expect(user.page.url()).not.toContain('@');
  });

  it('streams an answer and carries its action out on the notes of this browser, which can be undone', async () => {
    await user.goto('/');
    await user.send('create a note: oat milk');
    await user.page.getByText('Done', { exact: true }).waitFor();
    await user.send('list my notes');
    await user.page
      .getByRole('listitem')
      .filter({ hasText: /^oat milk$/ })
      .waitFor();
    await user.page.getByRole('button', { name: 'Undo' }).click();
    await user.page.getByText('Undone').waitFor();
  });

  it('finds an encrypted note of one browser in another', async () => {
    await app.setTier(await app.nest.get(Accounts).idOf(email), 'pro');
    await user.goto('/notes');
    await user.page.getByRole('button', { name: 'New note' }).click();
    await user.page.getByLabel('Title').fill('Travel plans');
    await user.page.getByLabel('Text').fill('Night train to Genoa');
    await user.page.getByRole('button', { name: 'Sync now' }).click();
    await user.page.getByText(/^Synced/).waitFor();
    const other = await ConsolePage.open(browser, app.url);
    await other.signIn(email);
    await other.goto('/notes');
    await other.page.getByRole('searchbox').fill('genoa');
    await other.page.getByRole('link', { name: /Travel plans/ }).click();
    await other.page.getByText('Night train to Genoa').waitFor();
    expect(other.errors).toEqual([]);
    await other.close();
  });

  it('shows the steps of a plan and carries them out on the records of this browser, which can be undone', async () => {
    const { page } = user;
    await user.goto('/');
    await page.getByText('Plan only').click();
    await user.send('create a note: rye bread');
    await page.getByText('New in notes').waitFor();
    expect(await page.getByRole('list', { name: 'Actions' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Carry the plan out' }).click();
    await page.getByText('The plan is carried out').waitFor();
    await user.show('/notes');
    await page.getByRole('link', { name: /rye bread/ }).waitFor();
    await user.show('/');
    await page.getByRole('button', { name: 'Undo' }).click();
    await user.show('/notes');
    await page.getByRole('link', { name: /rye bread/ }).waitFor({ state: 'detached' });
  });

  it('runs a goal and shows its steps and its result, decrypted for this browser', async () => {
    await app.setTier(await app.nest.get(Accounts).idOf(email), 'power');
    const { page } = user;
    await user.goto('/goals');
    await page.getByRole('button', { name: 'New goal' }).first().click();
    await page.getByLabel('Title').fill('Dentist');
    await page.getByLabel('Instructions').fill('Create a task: call the dentist');
    await page.getByLabel('When', { exact: true }).selectOption('weekly');
    await page.getByText(/^Next: .+·/).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText(/Created the task/).waitFor();
    await page.getByRole('button', { name: 'Carry out here' }).click();
    await page.getByText('No action is left').waitFor();
  });

  it('builds a workflow from a playbook and follows its execution in the graph', async () => {
    const { page } = user;
    await user.goto('/workflows');
    await page.getByRole('button', { name: 'New workflow' }).first().click();
    await page.getByLabel('Playbook').locator('option').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Read the tasks' }).click();
    await page.getByLabel('Name').fill('Read my tasks');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/version 2/).waitFor();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText('Completed', { exact: true }).waitFor();
    await page.locator('.graph-node.good').filter({ hasText: 'Read my tasks' }).waitFor();
  });

  it('writes a file of a code project and has it checked', async () => {
    const { page } = user;
    await user.goto('/projects');
    await page.getByRole('button', { name: 'New project' }).first().click();
    await page.getByLabel('Title').fill('Recipes');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('textbox', { name: 'New file' }).fill('src/data.json');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'src/data.json' }).fill('{ "a": 1, }');
    await page.keyboard.press('Control+s');
    await page.getByText('Version 2').first().waitFor();
    await page.getByRole('button', { name: 'Start the job' }).click();
    await page.getByText('Result', { exact: true }).click();
    await page
      .getByText(/no valid JSON/)
      .first()
      .waitFor();
  });

  /** Signs in after the promotion, because a session keeps its role for some seconds. */
  async function administrator(): Promise<ConsolePage> {
    const address = `reviewer-${email}`;
    const before = await ConsolePage.open(browser, app.url);
    await before.signUp(address);
    await before.close();
    await app.nest.get(Accounts).makeAdmin(address, PASSWORD);
    await app.setTier(await app.nest.get(Accounts).idOf(address), 'power');
    const reviewer = await ConsolePage.open(browser, app.url);
    await reviewer.signIn(address);
    return reviewer;
  }

  it('publishes a plugin, which an administrator reviews and another user installs', async () => {
    const { page } = user;
    await user.goto('/plugins/mine');
    await page.getByRole('button', { name: 'Publish a plugin' }).click();
    await page.getByLabel('Package (zip)').setInputFiles({
      name: 'plugin.zip',
      mimeType: 'application/zip',
      buffer: zipOf({ 'manifest.json': JSON.stringify(MANIFEST), 'index.js': 'export function activate() {}\n' }),
    });
    for (const field of ['Name', 'Author', 'Category', 'Description'] as const)
      await page.getByLabel(field).fill(MANIFEST[FIELDS[field]]);
    await page.getByLabel('tasks:read').check();
    await page.getByRole('button', { name: 'Submit for review' }).click();
    await page.getByText('Waits for a review').waitFor();

    const reviewer = await administrator();
    await reviewer.goto('/admin/reviews');
    await reviewer.page.getByRole('link', { name: /Week planner/ }).click();
    await reviewer.page.getByText('The package check found nothing.').waitFor();
    const { addresses, findings } = await walk(reviewer, '/admin');
    expect(findings).toEqual([]);
    expect(addresses).toEqual(expect.arrayContaining(['/admin/doctor', '/admin/reviews/:id', '/admin/jobs']));
    await reviewer.goto('/admin/reviews');
    await reviewer.page.getByRole('link', { name: /Week planner/ }).click();
    await reviewer.page.getByRole('button', { name: 'Approve' }).click();
    await reviewer.page.getByText('No version waits').waitFor();
    await reviewer.goto('/plugins');
    await reviewer.page.getByRole('link', { name: 'Week planner' }).click();
    await reviewer.page.getByRole('button', { name: 'Install' }).click();
    await reviewer.page.getByRole('button', { name: 'Uninstall' }).waitFor();
    expect(await reviewer.accessibilityFindings()).toEqual([]);
    expect(reviewer.errors).toEqual([]);
    await reviewer.close();
  });

  it('shows every screen that there is accessible in light and dark, by keyboard, and on a phone', async () => {
    const { addresses, findings } = await walk(user);
    expect(findings).toEqual([]);
    const forgotten = SCREEN_PATHS.filter((path) => !addresses.some((address) => isAt(path, address)));
    expect(forgotten).toEqual(['/admin/:part?/:id?', '/accept-invite']);
  });

  it('shows a user without a session every screen accessible, too', async () => {
    const stranger = await ConsolePage.open(browser, app.url);
    const findings: string[] = [];
    for (const path of [...SIGNED_OUT_PATHS, ...LANDING_PATHS, '/accept-invite']) {
      await stranger.goto(path);
      findings.push(...(await stranger.audit()).map((finding) => `${path}: ${finding}`));
    }
    expect(findings).toEqual([]);
    expect(stranger.errors).toEqual([]);
    await stranger.close();
  });

  it('says what to do when a file of the console cannot be loaded, as after an update of the server', async () => {
    const stranger = await ConsolePage.open(browser, app.url);
    const { page } = stranger;
    await stranger.goto('/');
    await page.route(/sign-up-.*\.js/, (route) => route.abort());
    await page.getByRole('link', { name: 'Create account' }).click();
    await page.getByText('Something did not work. Reload the page').waitFor();
    await page.unroute(/sign-up-.*\.js/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Create account' }).waitFor();
    await stranger.close();
  });

  it('gives the focus back when a dialog closes, and keeps it inside while it is open', async () => {
    const { page } = user;
    await user.show('/goals');
    await page.getByRole('button', { name: 'New goal' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let press = 0; press < 12; press += 1) await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.closest('dialog, body').tagName")).toBe('DIALOG');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toContain('New goal');
  });

  it('shows ten thousand notes with some dozen rows in the page, and finds each of them', async () => {
    const other = await ConsolePage.open(browser, app.url);
    const { page } = other;
    await other.signUp(`many-${email}`);
    await page.evaluate(WRITE_NOTES);
    await other.goto('/notes');
    await page.getByText('Notes: 10,000').waitFor();
    const rows = page.getByRole('list', { name: 'Notes' }).getByRole('listitem');
    expect(await rows.count()).toBeLessThan(60);
    await page.evaluate("document.querySelector('.scroller').scrollTo(0, 1e6)");
    await page.getByRole('link', { name: /^Note 9999/ }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await page.getByRole('searchbox').fill('number 4321');
    await page.getByRole('link', { name: /^Note 4321/ }).click();
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('This is number 4321.');
    expect(other.errors).toEqual([]);
    await other.close();
  });

  it('shows a thousand runs by pages of fifty', async () => {
    const { page } = user;
    await app.nest.get(Database).query(COPY_RUNS, [await app.nest.get(Accounts).idOf(email)]);
    await user.goto('/runs');
    const rows = page.getByRole('main').locator('.rows > li');
    expect(await rows.count()).toBe(50);
    const first = await rows.first().getByRole('link').getAttribute('href');
    await page.getByRole('button', { name: 'Older' }).click();
    await page.locator(`main:not(:has(a[href="${first ?? ''}"])) .rows`).waitFor();
    expect(await rows.count()).toBe(50);
  });

  it('lets an administrator disable an account, check the audit log and see dead jobs', async () => {
    const reviewer = await ConsolePage.open(browser, app.url);
    const { page } = reviewer;
    await reviewer.signIn(`reviewer-${email}`);
    const { email: other } = await app.user();
    await reviewer.goto('/admin/users');
    await page.getByRole('searchbox').fill(other);
    await page.keyboard.press('Enter');
    await page.getByText('Accounts: 1').waitFor();
    await page.getByLabel(`Plan of ${other}`).selectOption('pro');
    await page.getByText('Saved').waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled', { exact: true }).waitFor();
    await reviewer.show('/admin/audit');
    await page.getByRole('button', { name: 'Verify the hash chain' }).click();
    await page.getByText(/events, no broken link/).waitFor();
    await reviewer.show('/admin/jobs');
    await page.getByText('No dead jobs').waitFor();
    await reviewer.show('/admin/doctor');
    // The database of the tests runs without fsync, which the checks find.
    await page.getByText('loses acknowledged writes: fsync off').waitFor();
    expect(reviewer.errors).toEqual([]);
    await reviewer.close();
  });

  it('signs out without a trace, and sets a new password with the recovery words, which opens the notes again', async () => {
    const other = await ConsolePage.open(browser, app.url);
    const { page } = other;
    await other.signIn(email);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('account');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    // The browser deletes a database when the last work on it is done.
    await page.waitForFunction(
      "indexedDB.databases().then((all) => all.every(({ name }) => !name.includes('records')))",
    );
    await page.getByRole('link', { name: 'Forgot the password?' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Recovery words').fill(words);
    await page.getByLabel('New password').fill('another walk by the river');
    await page.getByRole('button', { name: 'Set a new password' }).click();
    await page.getByRole('link', { name: 'Notes' }).click();
    await page.getByRole('link', { name: /Travel plans/ }).waitFor();
    expect(other.errors).toEqual([]);
    await other.close();
  });
});
