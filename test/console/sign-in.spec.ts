import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { Clock } from '@adiuva/kernel';
import { totpCode } from '../../libs/auth/src/factors/totp';
import { describeInChromium, launchChromium } from '../client/support/browser';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { secretOf } from '../support/builders/totp-secret';
import { DnsServer } from '../support/fakes/dns-server';
import { OpenIdProviderProcess } from '../support/processes/openid-providers';
import { ConsolePage } from './console-page';

/** Every name under `localhost` is a secure context; the browser connects it to the port of the server. */
const ORIGIN = 'http://adiuva.localhost';
const NEW_PASSWORD = 'another walk by the river';
const TOTP_STEP_MS = 30_000;

let app: TestApp;
let admin: TestUser;
let dns: DnsServer;
let providers: OpenIdProviderProcess;
let browser: Browser;

const open = (): Promise<ConsolePage> => ConsolePage.open(browser, ORIGIN);
const newAddress = (name: string): string => `${name}-${process.pid}-${Date.now()}@example.org`;

async function leave(user: ConsolePage): Promise<void> {
  expect(user.errors).toEqual([]);
  await user.close();
}

async function isAccessible(user: ConsolePage): Promise<void> {
  expect(await user.accessibilityFindings()).toEqual([]);
  expect(await user.isWiderThan(360)).toBe(false);
}

describeInChromium('the sign-in of the console', () => {
  beforeAll(async () => {
    [dns, providers] = await Promise.all([
      DnsServer.start(),
      OpenIdProviderProcess.start(`${ORIGIN}/api/v1/auth/sso/callback`),
    ]);
    app = await TestApp.start({
      PUBLIC_URL: ORIGIN,
      ACCOUNT_LINK_URL: `${ORIGIN}/console`,
      SSO_PRIVATE_HOSTS: providers.issuers.map((issuer) => new URL(issuer).host).join(),
      SSO_DNS_SERVERS: dns.address,
    });
    await app.startJobs();
    admin = await app.admin();
    browser = await launchChromium([`--host-resolver-rules=MAP adiuva.localhost:80 127.0.0.1:${app.port}`]);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await Promise.all([dns.stop(), providers.stop()]);
  });

  it('asks for the code of an authenticator app, which was set up by its QR code', async () => {
    const email = newAddress('totp');
    const user = await open();
    const { page } = user;
    await user.signUp(email);
    await user.goto('/account/security');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await isAccessible(user);
    const uri = (await page.getByRole('link', { name: 'Open in an app on this device' }).getAttribute('href')) ?? '';
    const code = (steps = 0): string =>
      totpCode(secretOf(uri), Math.floor(app.nest.get(Clock).now().getTime() / TOTP_STEP_MS) + steps);
    await page.getByLabel('Code of the authenticator app').fill(code());
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.locator('.words li').first().waitFor();
    await page.getByRole('button', { name: 'I keep them' }).click();
    await page.getByText('On', { exact: true }).waitFor();

    const other = await open();
    await other.enterPassword(email);
    const field = other.page.getByLabel('Code of the authenticator app');
    await field.fill('000000');
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByRole('alert').waitFor();
    // Each code is accepted once.
    await field.fill(code(1));
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await leave(other);
    await leave(user);
  });

  it('opens a session by a passkey, and its keys by the password', async () => {
    const user = await open();
    const { page } = user;
    await user.addAuthenticator();
    await user.signUp(newAddress('passkey'));
    await user.goto('/account/security');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText(/^Used/).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('heading', { name: 'Unlock your keys' }).waitFor();
    await isAccessible(user);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('This password does not open the keys.').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await leave(user);
  });

  it('signs members of a team in at its OpenID provider, who make keys and open them again', async () => {
    const owner = await app.user('team', 3);
    const { body: team } = await app.call('post', '/teams', owner).send({ name: 'Blue' }).expect(201);
    const domain = `d${process.pid}-${Date.now()}.example`;
    await app
      .call('put', `/teams/${team.id}/sso`, owner)
      .send({
        issuer: providers.issuers[0],
        client_id: 'adiuva',
        client_secret: 'a secret of the client',
        domains: [domain],
        enforce: false,
      })
      .expect(200);
    const { body: sso } = await app.call('get', `/teams/${team.id}/sso`, owner).expect(200);
    for (const { txt_name: name, txt_value: value } of sso.domains) dns.texts.set(name, [value]);
    await eventually(async () => {
      const { body } = await app.call('get', `/teams/${team.id}/sso`, owner).expect(200);
      return body.domains[0].proved;
    });

    const signIn = async (user: ConsolePage): Promise<void> => {
      await user.goto('/');
      await user.page.getByLabel('E-mail address').fill(`anna@${domain}`);
      await user.page.getByRole('button', { name: 'Single sign-on of your team' }).click();
    };
    const user = await open();
    await user.goto('/');
    await user.page.getByLabel('E-mail address').fill('anna@unknown.example');
    await user.page.getByRole('button', { name: 'Single sign-on of your team' }).click();
    await user.page.getByText('There is no single sign-on for this address.').waitFor();
    await signIn(user);
    await user.page.getByRole('heading', { name: 'Make your keys' }).waitFor();
    expect(user.page.url()).toBe(`${ORIGIN}/console/`);
    await isAccessible(user);
    await user.page.getByLabel('Password of the keys').fill(PASSWORD);
    await user.page.getByRole('button', { name: 'Make your keys' }).click();
    const words = await user.keepWords();
    await user.page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await leave(user);

    const other = await open();
    await signIn(other);
    await other.page.getByRole('button', { name: 'Use the recovery words' }).click();
    await other.page.getByLabel('Recovery words').fill(words);
    await other.page.getByRole('button', { name: 'Unlock' }).click();
    await other.page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await leave(other);
  });

  it('sets a password by a mailed link, after which the recovery words open the data', async () => {
    const email = newAddress('forgotten');
    const user = await open();
    const { page } = user;
    const words = await user.signUp(email);
    await page.getByRole('link', { name: email }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Forgot the password?' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Mail me a link instead' }).click();
    await page.getByText('a mail is on its way').waitFor();
    let link = '';
    await eventually(async () => {
      const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
      const mails: readonly { readonly to: string; readonly text: string }[] = body.mails;
      link = mails.find(({ to }) => to === email)?.text.match(/http\S+reset-password#\S+/)?.[0] ?? '';
      return link !== '';
    });
    await page.goto(link);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    expect(page.url()).not.toContain('#');
    await isAccessible(user);
    await page.getByRole('button', { name: 'Set a new password' }).click();
    await page.getByText('Your data opens with the recovery words.').waitFor();
    await page.getByRole('link', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await user.enterPassword(email, NEW_PASSWORD);
    await page.getByRole('heading', { name: 'Unlock your keys' }).waitFor();
    await isAccessible(user);
    await page.getByLabel('Recovery words').fill(words);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await leave(user);

    const other = await open();
    await other.enterPassword(email, NEW_PASSWORD);
    await other.page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await leave(other);
  });

  describe('of a server that demands a bot check', () => {
    const tokens: (string | null)[] = [];
    let service: Server;
    let checked: TestApp;
    beforeAll(async () => {
      service = createServer((request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        request.on('end', () => {
          tokens.push(new URLSearchParams(text).get('response'));
          response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}');
        });
      });
      await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
      const settings = {
        TURNSTILE_ENABLED: 'true',
        TURNSTILE_SITE_KEY: '0x4AAAAAAA_test',
        TURNSTILE_SECRET_KEY: 'turnstile secret of this test, long enough',
        TURNSTILE_VERIFY_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}/siteverify`,
      };
      checked = await TestApp.start(settings, app);
    });
    afterAll(async () => {
      await checked.stop();
      service.closeAllConnections();
      await new Promise((resolve) => service.close(resolve));
    });

    it('sends a token of the widget with each attempt, from a frame that is apart from the page of the keys', async () => {
      const email = newAddress('checked');
      const user = await ConsolePage.open(browser, checked.url);
      const { page } = user;
      // The script of the provider, which no test may load: it gives tokens as that does.
      await user.context.route('https://challenges.cloudflare.com/**', (route) =>
        route.fulfill({ contentType: 'text/javascript', body: WIDGET }),
      );
      const policies: string[] = [];
      page.on('response', (response) => {
        if (response.request().resourceType() === 'document')
          policies.push(response.headers()['content-security-policy'] ?? '');
      });
      await user.signUp(email);
      await page.getByRole('link', { name: email }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await user.enterPassword(email, 'not the password');
      await page.getByRole('alert').waitFor();
      await isAccessible(user);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
      expect(tokens).toHaveLength(3);
      expect(new Set(tokens).size).toBe(3);
      expect(tokens[0]).toMatch(/^0x4AAAAAAA_test /);
      const outer = policies.filter((policy) => policy.includes('trusted-types') || policy.includes('trusted'));
      expect(outer.length).toBeGreaterThan(0);
      for (const policy of outer) expect(policy).not.toContain('cloudflare');
      await leave(user);
    });
  });
});

const WIDGET = `globalThis.turnstile = { render: (container, { sitekey, callback }) => {
  document.querySelector(container).textContent = 'Checked';
  callback(sitekey + ' ' + crypto.randomUUID());
} };`;
