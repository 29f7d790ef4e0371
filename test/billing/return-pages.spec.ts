import { returnPages } from '@adiuva/billing';
import { TestApp } from '../support/app';

describe('a page to which Stripe sends people back', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  const addresses = () => {
    const { payment, portal, onboarding } = returnPages(`${app.url}/`);
    return [payment.success, payment.cancel, portal, onboarding.success, onboarding.cancel];
  };

  it('exists for every address that Stripe is given, and has no script', async () => {
    expect(new Set(addresses()).size).toBe(5);
    for (const address of addresses()) {
      const response = await fetch(address);
      expect([address, response.status]).toEqual([address, 200]);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await response.text()).not.toContain('<script');
    }
  });

  it('shows nothing of its address, and is 404 under another name', async () => {
    const [paid = ''] = addresses();
    expect(await (await fetch(`${paid}?session=canary-1`)).text()).not.toContain('canary-1');
    for (const name of ['toString', 'nothing', ''])
      expect((await fetch(`${app.url}/returned/${name}`)).status).toBe(404);
  });
});
