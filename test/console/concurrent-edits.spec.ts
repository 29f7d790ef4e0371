import { MemorySyncStore, type Vault } from '@adiuva/client';
import type { Browser, Page, Route } from 'playwright-core';
import { Accounts } from '@adiuva/auth';
import { describeInChromium, launchChromium } from '../client/support/browser';
import { sdkClient } from '../client/support/sdk-user';
import { eventually, PASSWORD, TestApp } from '../support/app';
import { ConsolePage } from './console-page';

/** Occupies the records of this browser until `window.releaseRecords` is called; then `window.recordsReleased` resolves. */
const HOLD_RECORDS = `(async () => {
  const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.startsWith('adiuva-console-records'));
  const database = await new Promise((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  let isHeld = true;
  window.releaseRecords = () => (isHeld = false);
  const transaction = database.transaction('records', 'readwrite');
  const hold = () => isHeld && (transaction.objectStore('records').count().onsuccess = hold);
  hold();
  window.storedNotes = async () => {
    const request = database.transaction('records', 'readonly').objectStore('records').getAll();
    await new Promise((resolve) => (request.onsuccess = resolve));
    return request.result.filter(({ table, data }) => table === 'notes' && data !== null).length;
  };
})()`;

/** Later than all that the page does within a second. */
const SECOND_PASSED = 'new Promise((resolve) => setTimeout(resolve, 1_000))';
const DRAWN = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))';

/** Keeps the answers to requests that match until `release` is called. */
async function held(page: Page, pattern: RegExp, method = 'GET') {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const answers: Promise<void>[] = [];
  await page.route(pattern, async (route: Route) => {
    if (route.request().method() !== method) return route.fallback();
    const response = await route.fetch();
    // A request that was aborted takes no answer.
    answers.push(gate.then(() => route.fulfill({ response }).catch(() => undefined)));
    await answers.at(-1);
  });
  return {
    arrived: () => eventually(() => answers.length > 0),
    /** Resolves when the page has the answers. */
    release: async (): Promise<void> => {
      open();
      await Promise.all(answers);
    },
  };
}

function noteOf(data: Uint8Array): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(data));
}

let app: TestApp;
beforeAll(async () => (app = await TestApp.start()));
afterAll(() => app.stop());

describeInChromium('the console, while something else changes', () => {
  let browser: Browser;
  let user: ConsolePage;
  let page: Page;
  const email = `edits-${process.pid}-${Date.now()}@example.org`;

  beforeAll(async () => {
    browser = await launchChromium();
    user = await ConsolePage.open(browser, app.url);
    ({ page } = user);
    await page.clock.install();
    await user.signUp(email);
    await app.setTier(await app.nest.get(Accounts).idOf(email), 'power');
  });
  afterAll(() => browser.close());
  afterEach(() => expect(user.errors).toEqual([]));

  /** Another device; it reads and changes the one note that there is, or the one of this content. */
  async function otherDevice() {
    const client = sdkClient(app, { fetch });
    const store = new MemorySyncStore();
    const { vault }: { readonly vault: Vault } = await client.account.signIn({ email, password: PASSWORD });
    const sync = () => client.sync(vault, store);
    const notes = async (): Promise<Record<string, unknown>[]> => {
      await sync();
      return [...store.records.values()].flatMap(({ table, data }) =>
        table === 'notes' && data !== null ? [noteOf(data)] : [],
      );
    };
    const read = async (content?: string): Promise<Record<string, unknown>> =>
      (await notes()).find((note) => content === undefined || note['content'] === content) ?? {};
    const texts = async (): Promise<string[]> => (await notes()).map(({ content }) => String(content)).sort();
    const change = async (part: object, content?: string): Promise<void> => {
      const note = await read(content);
      await store.write('notes', String(note['id']), new TextEncoder().encode(JSON.stringify({ ...note, ...part })));
      await sync();
    };
    return { read, texts, change };
  }

  /** From now on, no timer of the page is called. Socket.IO takes ten seconds more without a ping for no lost connection. */
  const stopClock = async (): Promise<void> => page.clock.pauseAt(Number(await page.evaluate('Date.now()')) + 10_000);

  it('shows in an open note what another device writes, and keeps what is typed in this browser', async () => {
    await user.goto('/notes');
    await page.getByRole('button', { name: 'New note' }).click();
    await page.getByLabel('Title').fill('Travel plans');
    await page.getByLabel('Text', { exact: true }).fill('Night train');
    const other = await otherDevice();
    await eventually(async () => (await other.read())['content'] === 'Night train');
    await other.change({ content: 'Night train to Genoa' });
    const text = page.getByLabel('Text', { exact: true });
    await eventually(async () => (await text.inputValue()) === 'Night train to Genoa');
    // What is typed is not saved before the other change is here.
    await stopClock();
    await page.getByLabel('Title').fill('Travel plans of May');
    await other.change({ content: 'Night train to Genoa, and a boat' });
    await eventually(async () => (await text.inputValue()) === 'Night train to Genoa, and a boat');
    await page.clock.resume();
    await eventually(async () => (await other.read())['title'] === 'Travel plans of May');
    expect(await other.read()).toMatchObject({ content: 'Night train to Genoa, and a boat' });
  });

  it('deletes a note whose last words are not saved yet, and gives it back while the user is offered to', async () => {
    await user.goto('/notes');
    await page.getByRole('link', { name: /Travel plans/ }).click();
    await page.getByLabel('Title').waitFor();
    await page.evaluate(HOLD_RECORDS);
    await page.getByLabel('Title').fill('Travel plans of June');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.evaluate(SECOND_PASSED);
    await page.evaluate('releaseRecords()');
    await page.getByText('No notes yet').waitFor();
    expect(await page.evaluate('storedNotes()')).toBe(0);
    await page.clock.fastForward(10_000);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: /Travel plans of June/ }).waitFor();
  });

  it('keeps as a second note what was written while another device changed the same one', async () => {
    const other = await otherDevice();
    await eventually(async () => (await other.read())['title'] === 'Travel plans of June');
    await page.getByRole('link', { name: /Travel plans of June/ }).click();
    const text = page.getByLabel('Text', { exact: true });
    await stopClock();
    await text.fill('By car');
    // Saved, and not synced.
    await page.clock.runFor(600);
    await other.change({ content: 'By bus' });
    await page.getByText('is kept as a second note').waitFor();
    await eventually(async () => (await text.inputValue()) === 'By bus');
    await page.clock.resume();
    expect(await page.getByRole('link', { name: /Travel plans of June/ }).count()).toBe(2);
    await eventually(async () => (await other.texts()).join() === 'By bus,By car');
  });

  it('keeps both where the same text is being typed while another device changes it', async () => {
    const other = await otherDevice();
    const text = page.getByLabel('Text', { exact: true });
    await stopClock();
    await text.fill('By bus or train');
    await other.change({ content: 'By tram' }, 'By bus');
    await page.clock.resume();
    await eventually(async () => (await other.texts()).join() === 'By bus or train,By car,By tram');
    await eventually(async () => (await text.inputValue()) === 'By tram');
  });

  it('offers to undo for a time, and not after the records are closed', async () => {
    await user.goto('/notes');
    const remove = async (): Promise<void> => {
      await page
        .getByRole('link', { name: /Travel plans/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Undo' }).waitFor();
    };
    await remove();
    await page.clock.fastForward(21_000);
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
    await remove();
    await user.show('/account');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await page.locator('html[lang=de]').waitFor();
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    await page.locator('html[lang=en]').waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it('keeps what is typed in a file while it is saved', async () => {
    await user.goto('/projects');
    await page.getByRole('button', { name: 'New project' }).first().click();
    await page.getByLabel('Title').fill('Recipes');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('textbox', { name: 'New file' }).fill('a.md');
    await page.keyboard.press('Enter');
    const file = page.getByRole('textbox', { name: 'a.md' });
    await file.fill('flour');
    const saving = await held(page, /\/files$/, 'POST');
    await page.keyboard.press('Control+s');
    await saving.arrived();
    await file.fill('flour and milk');
    // Saved after the text before.
    await page.keyboard.press('Control+s');
    await saving.release();
    await page.getByText('Version 3').first().waitFor();
    expect(await file.inputValue()).toBe('flour and milk');
    await file.fill('flour, milk and salt');
    await page.keyboard.press('Control+s');
    await page.getByText('Version 4').first().waitFor();
    expect(await file.inputValue()).toBe('flour, milk and salt');
  });

  it('speaks the language that was chosen last, whichever arrives last', async () => {
    await user.goto('/account');
    const german = await held(page, /\/de-[^/]*\.js$/);
    const language = page.getByRole('combobox', { name: 'Language' });
    await language.selectOption('de');
    await german.arrived();
    await language.selectOption('it');
    await page.locator('html[lang=it]').waitFor();
    await german.release();
    await page.evaluate(DRAWN);
    expect(await page.locator('html').getAttribute('lang')).toBe('it');
    await page.getByRole('combobox', { name: 'Lingua' }).selectOption('en');
    await page.locator('html[lang=en]').waitFor();
  });

  it('asks for no answer when the user leaves the conversation before the question is kept', async () => {
    await user.goto('/');
    await page.evaluate(HOLD_RECORDS);
    await user.send('create a note: oat milk');
    await page.getByRole('heading', { name: 'create a note: oat milk' }).waitFor();
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.evaluate('releaseRecords()');
    await page.getByRole('heading', { name: /Hello/ }).waitFor();
    await user.send('list my notes');
    await page.getByRole('log').locator('.assistant[aria-busy=false]').waitFor();
    expect(await page.getByRole('log').locator('.turn').count()).toBe(2);
  });

  it('stays signed out when the profile arrives late', async () => {
    await user.goto('/account');
    const profile = await held(page, /\/auth\/me$/);
    await app.setTier(await app.nest.get(Accounts).idOf(email), 'pro');
    await user.show('/plan');
    await profile.arrived();
    await user.show('/account');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await profile.release();
    await page.evaluate(DRAWN);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Main navigation' }).count()).toBe(0);
  });
});
