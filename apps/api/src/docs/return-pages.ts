import { inline, page } from './pages';

const PAGES: Readonly<Record<string, readonly [title: string, text: string]>> = {
  paid: [
    'Thank you',
    'The payment was received. You can close this page; the app shows the new state within a minute.',
  ],
  'not-paid': [
    'Nothing was paid',
    'You left the payment page, and nothing was charged. You can close this page and start again in the app.',
  ],
  portal: ['Your subscription', 'You can close this page; the app shows changes within a minute.'],
  onboarded: [
    'Account for payouts',
    'Your details were received. Stripe may ask for more; the app shows when payouts are enabled. You can close this page.',
  ],
  'onboarding-expired': ['This page has expired', 'Start the set-up of payouts again in the app.'],
};

/** The page that people see when Stripe sends them back, where no other address is configured; undefined for an unknown name. */
export function returnPage(name: string): string | undefined {
  const [title, text] = Object.hasOwn(PAGES, name) ? (PAGES[name] ?? []) : [];
  if (title === undefined || text === undefined) return undefined;
  return page(title, `<p>${inline(text)}</p><p><a href="/console/">Open the web console</a></p>`);
}
