import type { Browser } from 'playwright-core';
import { describeInChromium, launchChromium } from '../client/support/browser';
import { eventually, TestApp, type TestUser } from '../support/app';
import { settingsFor, stripeWithPrices, WEBHOOK_SECRET } from '../support/builders/stripe-life';
import { TestPushService } from '../support/fakes/push-service';
import { ConsolePage } from './console-page';

const ORIGIN = 'http://adiuva.localhost';
const stripe = stripeWithPrices();

let app: TestApp;
let admin: TestUser;
let pushService: TestPushService;
let browser: Browser;
let user: ConsolePage;
const email = `connections-${process.pid}-${Date.now()}@example.org`;

/** Of the newest mail to an address, the part that matches. */
async function mailed(address: string, pattern: RegExp): Promise<string> {
  let found = '';
  await eventually(async () => {
    const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
    const mails: readonly { readonly to: string; readonly text: string }[] = body.mails;
    found = mails.filter(({ to }) => to === address).flatMap(({ text }) => pattern.exec(text)?.[0] ?? [])[0] ?? '';
    return found !== '';
  });
  return found;
}

async function open(): Promise<ConsolePage> {
  return ConsolePage.open(browser, ORIGIN);
}

describeInChromium('what the console connects an account with', () => {
  beforeAll(async () => {
    await stripe.start();
    pushService = await TestPushService.start();
    app = await TestApp.start({
      ...settingsFor(stripe),
      ...pushService.settings,
      PUBLIC_URL: ORIGIN,
      ACCOUNT_LINK_URL: `${ORIGIN}/console`,
      BILLING_RETURN_URL: `${ORIGIN}/console/plan`,
      AGENT_JWT_SECRET: 'a secret for the tokens of workers, long enough',
    });
    stripe.webhooks.manner = 'prompt';
    stripe.webhooks.addEndpoint({ url: `${app.url}/api/v1/billing/webhook`, secret: WEBHOOK_SECRET });
    app.startNotifications();
    await app.startJobs();
    admin = await app.admin();
    browser = await launchChromium([`--host-resolver-rules=MAP adiuva.localhost:80 127.0.0.1:${app.port}`]);
    user = await open();
    await user.signUp(email);
  });
  afterAll(async () => {
    await browser.close();
    await stripe.webhooks.settled();
    await app.stop();
    await Promise.all([stripe.stop(), pushService.stop()]);
  });
  afterEach(() => expect(user.errors).toEqual([]));

  it('buys a team at Stripe, and shows the plan as soon as it is paid', async () => {
    const { page } = user;
    // The page of Stripe, which leads back when it is paid.
    await user.context.route('https://checkout.stripe.test/**', (route) => {
      const { success_url: back } = stripe.world.sessions.get(route.request().url().split('/').at(-1) ?? '');
      return route.fulfill({ contentType: 'text/html', body: `<a href="${back}">Pay</a>` });
    });
    await user.goto('/plan');
    await page.getByLabel('Seats').fill('2');
    await page.getByRole('button', { name: 'Choose Team' }).click();
    await page.getByRole('link', { name: 'Pay' }).waitFor();
    stripe.payers.complete(page.url().split('/').at(-1) ?? '');
    await page.getByRole('link', { name: 'Pay' }).click();
    await page.getByRole('heading', { name: 'Your plan: Team.' }).waitFor();
    expect(await user.accessibilityFindings()).toEqual([]);
  });

  it('invites a person to the team, who becomes a member by the link of the mail', async () => {
    const { page } = user;
    const guest = `guest-${email}`;
    await user.goto('/plan/team');
    await page.getByLabel('Name', { exact: true }).fill('Blue');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByLabel('E-mail address').fill(guest);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = await mailed(guest, /http\S+accept-invite#\S+/);
    const other = await open();
    await other.signUp(guest);
    await other.page.goto(link);
    await other.page.getByText('You are a member of this team now.').waitFor();
    expect(other.page.url()).not.toContain('#');
    expect(other.errors).toEqual([]);
    await other.close();
    await page.reload();
    await page.getByRole('listitem').filter({ hasText: guest }).getByRole('button', { name: 'Remove' }).waitFor();
    expect(await user.accessibilityFindings()).toEqual([]);
  });

  it('confirms an e-mail channel by the mailed code', async () => {
    const { page } = user;
    const address = `other-${email}`;
    await user.goto('/notifications');
    await page.getByRole('button', { name: 'Add a channel' }).click();
    await page.getByRole('dialog').getByLabel('E-mail address').fill(address);
    await page.getByRole('dialog').getByRole('button', { name: 'Add a channel' }).click();
    await page.getByText('Code needed').waitFor();
    await page.getByLabel('Code', { exact: true }).fill(await mailed(address, /\b\d{6}\b/));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Active', { exact: true }).waitFor();
  });

  it('subscribes this browser to Web Push, and its service worker shows what is pushed', async () => {
    const { page } = user;
    await user.context.grantPermissions(['notifications'], { origin: ORIGIN });
    const subscription = pushService.subscribe('console');
    // The push service of the vendor, which no test can reach, is ours; all else is of the browser.
    await page.evaluate(`{
      const kept = { toJSON: () => (${JSON.stringify(subscription)}), unsubscribe: async () => true };
      PushManager.prototype.subscribe = async () => kept;
      PushManager.prototype.getSubscription = async () => kept;
    }`);
    await page.getByRole('button', { name: 'Notify in this browser' }).click();
    await page.getByText('Browser', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await eventually(() => pushService.of('console').length > 0);
    const [message] = pushService.of('console');
    await user.deliverPush(JSON.stringify(message?.payload));
    await page.waitForFunction(
      `navigator.serviceWorker.ready.then((it) => it.getNotifications()).then(([shown]) => shown?.title === ${JSON.stringify(message?.payload.title)})`,
    );
    await user.show('/notifications');
    expect(await user.accessibilityFindings()).toEqual([]);
  });

  it('makes an agent and a memory; a deleted memory can be taken back', async () => {
    const { page } = user;
    await user.goto('/agents');
    await page.getByRole('button', { name: 'New agent' }).click();
    await page.getByLabel('Name of the agent').fill('meeting_notes');
    await page.getByLabel('Description').fill('Turns minutes into tasks');
    await page.getByLabel('Instructions').fill('Make one task for each promise.');
    await page.getByLabel(/create_task/).check();
    await page.getByLabel(/Has a memory/).check();
    expect(await user.accessibilityFindings()).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('meeting_notes').waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Description').fill('Turns minutes of meetings into tasks');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Turns minutes of meetings into tasks').waitFor();
    await page.getByRole('link', { name: 'Memories' }).click();
    await page.getByRole('button', { name: 'New memory' }).click();
    await page.getByLabel('What agents should know').fill('Meetings are on Tuesdays');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Meetings are on Tuesdays').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No memory yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Meetings are on Tuesdays').waitFor();
  });

  it('keeps a provider key that is never shown again, and makes a token for a worker', async () => {
    const { page } = user;
    await user.goto('/account/connections');
    await page.getByRole('button', { name: 'Add a key' }).click();
    await page.getByLabel('API key').fill('sk-of-this-test');
    await page.getByRole('button', { name: 'Save' }).click();
    // The form, which has this name too, closes when the list is there.
    await page.getByRole('listitem').filter({ hasText: 'openai' }).waitFor();
    expect(await page.content()).not.toContain('sk-of-this-test');
    await page.getByLabel('Scopes').fill('tools:list_tasks');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText(/^eyJ/).waitFor();
    expect(await user.isWiderThan(360)).toBe(false);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No key: agents use').waitFor();
  });

  it('shows the steps of a plan, and carries out none', async () => {
    const { page } = user;
    await user.goto('/');
    await page.getByLabel('Plan only').check();
    await user.send('create a note: oat milk');
    await page.getByRole('list', { name: 'Steps of the plan' }).getByRole('listitem').first().waitFor();
    await user.show('/notes');
    await page.getByText('No notes yet').waitFor();
  });
});
