import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PASSWORD } from '../support/app';
import './build';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** For a machine that is much slower than this one. */
const TIMEOUT_MS = 120_000;

/** Those that the SDK is generated from; test/client/whole-contract shows that it has them all. */
const OPERATIONS = Object.entries<object>(
  JSON.parse(readFileSync(join(__dirname, '../../libs/client/openapi.json'), 'utf8')).paths,
).map(([path, methods]) => ({
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  methods: Object.keys(methods),
}));

/** Whether it is a request of the SDK, or a file of the console. */
function isOfSdk(method: string, path: string): boolean {
  if (method === 'GET' && (path === '/' || path.startsWith('/console') || path === '/socket.io/')) return true;
  return OPERATIONS.some(({ pattern, methods }) => pattern.test(path) && methods.includes(method.toLowerCase()));
}

/** One browser of one user, on the console of a server. What the browser reports as an error is kept. */
export class ConsolePage {
  readonly errors: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    private readonly address: string,
  ) {}

  static async open(browser: Browser, serverUrl: string): Promise<ConsolePage> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 800 },
      // A colour in the middle of an animation is none that is judged.
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(TIMEOUT_MS);
    const opened = new ConsolePage(await context.newPage(), context, `${serverUrl}/console`);
    opened.page.on('pageerror', (error) => opened.errors.push(error.message));
    opened.page.on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      // Of other origins (Stripe, an OpenID provider, a bot check) decide the links that the server gives and its content security policy.
      if (origin === new URL(serverUrl).origin && !isOfSdk(request.method(), pathname))
        opened.errors.push(`${request.method()} ${pathname} is not of the SDK`);
    });
    opened.page.on('console', (message) => {
      // A refusal of the server is no error of the page, which shows it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        opened.errors.push(message.text());
    });
    return opened;
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(`${this.address}${path}`);
    await this.page.locator('body:not(:has(.skeleton)) h1').waitFor();
  }

  /** Another screen without a reload, as its link opens it. */
  async show(path: string): Promise<void> {
    await this.page.evaluate(`history.pushState(null, '', '/console${path}')`);
    await this.page.locator('main:not(:has(.skeleton)) h1').waitFor();
  }

  /** Gives the recovery words. */
  async signUp(email: string): Promise<string> {
    await this.goto('/sign-up');
    await this.page.getByLabel('E-mail address').fill(email);
    await this.page.getByLabel('Password').fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    return this.keepWords();
  }

  /** What follows new keys. */
  async keepWords(): Promise<string> {
    await this.page.getByText('I have written down the words').click();
    const words = await this.page.locator('.words li').allTextContents();
    await this.page.getByRole('button', { name: 'Start' }).click();
    await this.isIn();
    return words.join(' ');
  }

  async signIn(email: string, password = PASSWORD): Promise<void> {
    await this.enterPassword(email, password);
    await this.isIn();
  }

  /** The navigation is there before the records of this browser are open, and the keyboard shortcuts are there with them. */
  private async isIn(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await this.page.locator('main:not(:has(.skeleton)) h1').waitFor();
  }

  async enterPassword(email: string, password = PASSWORD): Promise<void> {
    await this.goto('/');
    await this.page.getByLabel('E-mail address').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** An authenticator that every ceremony of WebAuthn in this page finds; it keeps its passkeys until the page is closed. */
  async addAuthenticator(): Promise<void> {
    const devTools = await this.context.newCDPSession(this.page);
    await devTools.send('WebAuthn.enable');
    await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
  }

  /** As the push service of the vendor does, to the service worker of the console. */
  async deliverPush(data: string): Promise<void> {
    const devTools = await this.context.newCDPSession(this.page);
    const registered = new Promise<string>((resolve) =>
      devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => {
        if (first) resolve(first.registrationId);
      }),
    );
    await devTools.send('ServiceWorker.enable');
    const { origin } = new URL(this.address);
    await devTools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data });
  }

  async send(message: string): Promise<void> {
    await this.page.getByLabel('Message').fill(message);
    await this.page.keyboard.press('Enter');
  }

  /** Whether the layout is wider than a phone. */
  async isWiderThan(width: number): Promise<boolean> {
    const { page } = this;
    await page.setViewportSize({ width, height: 740 });
    const scrollWidth = await page.evaluate('document.documentElement.scrollWidth');
    await page.setViewportSize({ width: 1280, height: 800 });
    return Number(scrollWidth) > width;
  }

  /** The serious findings of axe on the current screen: all rules in light, contrast in dark. */
  async accessibilityFindings(): Promise<string[]> {
    const { page } = this;
    if (await page.evaluate('window.axe === undefined')) await page.evaluate(AXE);
    const light = await page.evaluate(RUN_AXE);
    await this.useScheme('dark');
    const isMoving = Boolean(await page.evaluate('document.getAnimations().length > 0'));
    const dark = await page.evaluate(RUN_AXE.replace('{}', "{ runOnly: ['color-contrast'] }"));
    await this.useScheme('light');
    const findings = [light, dark].flatMap((found, index) =>
      (Array.isArray(found) ? found : []).map((text) => `${['light', 'dark'][index]} ${String(text)}`),
    );
    return isMoving ? [...findings, 'motion, although the user wants less'] : findings;
  }

  /** Resolves when the page is drawn in these colors: the renderer learns of them after the browser has confirmed them. */
  private async useScheme(colorScheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme });
    await this.page.evaluate(SCHEME_DRAWN.replace('SCHEME', colorScheme));
  }

  /** Controls that the Tab key does not reach, or that do not show the focus. */
  async keyboardFindings(): Promise<string[]> {
    const { page } = this;
    await page.evaluate(FOLLOW_FOCUS);
    for (let press = 0; press < MAX_TABS && !(await page.evaluate('window.isRoundDone')); press += 1)
      await page.keyboard.press('Tab');
    const found = await page.evaluate(FOCUS_FINDINGS);
    return Array.isArray(found) ? found.map(String) : [];
  }

  /** All findings on the current screen. */
  async audit(): Promise<string[]> {
    const isWide = await this.isWiderThan(360);
    const findings = [...(await this.accessibilityFindings()), ...(await this.keyboardFindings())];
    return isWide ? [...findings, 'wider than 360 pixels'] : findings;
  }

  /** Where the links of the current screen lead inside of the console. */
  async links(): Promise<string[]> {
    const found = await this.page.evaluate(LINKS);
    return Array.isArray(found) ? found.map(String) : [];
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

const RUN_AXE = `axe.run(document, {}).then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).join(' ')))`;

const SCHEME_DRAWN = `new Promise((drawn) => {
  const query = matchMedia('(prefers-color-scheme: SCHEME)');
  const check = () => requestAnimationFrame(query.matches ? () => requestAnimationFrame(drawn) : check);
  check();
})`;

/** More than any screen has. */
const MAX_TABS = 500;

/** From where the focus was, until it comes to its first element again; from the next one, if that has left the page. */
const FOLLOW_FOCUS = `(() => {
  window.wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(
    (element) => element.checkVisibility() && !element.disabled && element.tabIndex >= 0,
  );
  window.reached = new Map();
  window.isRoundDone = false;
  let first;
  document.activeElement?.blur();
  window.stopFollowing?.abort();
  window.stopFollowing = new AbortController();
  document.addEventListener('focusin', ({ target }) => {
    window.isRoundDone = target === first;
    if (!first?.isConnected) first = target;
    const { outlineStyle } = getComputedStyle(target);
    // A frame around the text shows the focus of these.
    window.reached.set(target, outlineStyle !== 'none' || target.closest('.composer, .editor-body') !== null);
  }, { signal: window.stopFollowing.signal });
})()`;

const FOCUS_FINDINGS = `window.wanted
  .filter((element) => element.isConnected && window.reached.get(element) !== true)
  .map((element) => (window.reached.has(element) ? 'no visible focus: ' : 'not reached by Tab: ')
    + element.tagName + ' ' + (element.ariaLabel ?? element.textContent.trim()))`;

const LINKS = `[...document.querySelectorAll('a[href^="/console"]')].map((link) => link.pathname.slice('/console'.length) || '/')`;
