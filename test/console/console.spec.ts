import type { Browser } from 'playwright-core';
import { Accounts } from '@adiuva/auth';
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
    for (const screen of ['/admin', '/admin/users', '/admin/payouts', '/admin/audit', '/admin/jobs', '/admin/outbox']) {
      await reviewer.show(screen);
      expect([screen, ...(await reviewer.accessibilityFindings())]).toEqual([screen]);
      expect(await reviewer.isWiderThan(360)).toBe(false);
    }
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

  const SCREENS = [
    '/',
    '/notes',
    '/goals',
    '/runs',
    '/agents',
    '/agents/memories',
    '/workflows',
    '/projects',
    '/notifications',
    '/account',
    '/account/security',
    '/account/devices',
    '/account/backups',
    '/account/connections',
    '/account/activity',
    '/plugins',
    '/plugins/mine',
    '/plugins/earnings',
    '/plan',
    '/plan/team',
  ] as const;

  it.each(SCREENS)('is accessible in light and dark, and fits a phone: %s', async (path) => {
    await user.show(path);
    expect(await user.accessibilityFindings()).toEqual([]);
    expect(await user.isWiderThan(360)).toBe(false);
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
    expect(reviewer.errors).toEqual([]);
    await reviewer.close();
  });

  it('signs out without a trace, and sets a new password with the recovery words, which opens the notes again', async () => {
    const other = await ConsolePage.open(browser, app.url);
    const { page } = other;
    await other.signIn(email);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('account');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const databases = await page.evaluate('indexedDB.databases().then((all) => all.map(({ name }) => name))');
    expect(databases).not.toContainEqual(expect.stringContaining('records'));
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
