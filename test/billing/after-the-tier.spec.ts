import { createHash } from 'node:crypto';
import { TestApp, type TestUser } from '../support/app';
import { stripeWithPrices, WEBHOOK_ONLY, WEBHOOK_SECRET } from '../support/builders/stripe-life';

const DAY = 86_400;
const BYTES = Buffer.from('ciphertext');
const SUM = createHash('sha256').update(BYTES).digest('hex');
const BLOB = { blob: BYTES.toString('base64'), checksum: SUM };

describe('what was stored under a paid tier', () => {
  const stripe = stripeWithPrices();
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.start(WEBHOOK_ONLY)));
  afterAll(() => app.stop());

  /** Stripe reports the subscription as of so many days ago. */
  const tell = async (user: TestUser, subscription: string, status: string, daysAgo: number): Promise<void> => {
    const items = { data: [{ price: { id: 'price_pro' }, quantity: 1, current_period_end: stripe.world.now() + DAY }] };
    const about = { id: subscription, object: 'subscription', customer: `cus_${user.id}`, status, items };
    const event = {
      ...stripe.world.emit('customer.subscription.updated', { ...about, metadata: { user_id: user.id } }),
      created: Math.floor(Date.now() / 1_000) - daysAgo * DAY,
    };
    const { body, signature } = stripe.webhooks.signed(event, WEBHOOK_SECRET);
    await app
      .call('post', '/billing/webhook')
      .set({ 'Content-Type': 'application/json', 'Stripe-Signature': signature })
      .send(body)
      .expect(200);
  };

  const stored = async (): Promise<{ user: TestUser; subscription: string; record: string }> => {
    const user = await app.user();
    const subscription = stripe.world.id('sub');
    await tell(user, subscription, 'active', 100);
    const { body } = await app
      .call('post', '/storage/records', user)
      .send({ table: 'notes', ...BLOB })
      .expect(201);
    await app
      .call('post', '/storage/vectors/upsert', user)
      .send({ vectors: [{ id: 'a', ...BLOB }] })
      .expect(200);
    await app
      .call('put', '/backup', user)
      .set({ 'X-Backup-Version': '1', 'X-Backup-Timestamp': '1', 'X-Backup-Checksum': SUM })
      .type('application/octet-stream')
      .send(BYTES)
      .expect(200);
    return { user, subscription, record: body.id };
  };

  const assertReadable = async (user: TestUser, record: string): Promise<void> => {
    for (const path of [`/storage/records/${record}`, '/storage/records', '/storage/changes', '/storage/usage'])
      await app.call('get', path, user).expect(200);
    for (const path of ['/storage/vectors/changes', '/backup', '/backup/history'])
      await app.call('get', path, user).expect(200);
    const { body } = await app
      .call('post', '/storage/vectors/search', user)
      .send({ query_blob: BLOB.blob })
      .expect(200);
    expect(body.results).toHaveLength(1);
  };

  it('can be written and read for the seven days of the grace', async () => {
    const { user, subscription, record } = await stored();
    await tell(user, subscription, 'past_due', 6);
    await assertReadable(user, record);
    await app.call('put', `/storage/records/${record}`, user).send(BLOB).expect(200);
  });

  it.each([8, 30, 31, 90])(
    'can be read and deleted, and not written, %i days after the payment failed',
    async (days) => {
      const { user, subscription, record } = await stored();
      await tell(user, subscription, 'past_due', days);
      expect((await app.call('get', '/auth/me', user).expect(200)).body.tier).toBe('free');
      await assertReadable(user, record);
      for (const refused of [
        app.call('post', '/storage/records', user).send({ table: 'notes', ...BLOB }),
        app.call('put', `/storage/records/${record}`, user).send(BLOB),
        app.call('post', '/storage/vectors/upsert', user).send({ vectors: [{ id: 'b', ...BLOB }] }),
        app
          .call('put', '/backup', user)
          .set({ 'X-Backup-Version': '2', 'X-Backup-Timestamp': '2', 'X-Backup-Checksum': SUM })
          .type('application/octet-stream')
          .send(BYTES),
      ]) {
        const { status, body } = await refused;
        expect([status, body.code, body.required_tier]).toEqual([402, 'upgrade_required', 'pro']);
      }
      const { body: plan } = await app.call('get', '/billing/subscription', user).expect(200);
      const lock = { included: 0, required_tier: 'pro' };
      expect(plan.locked).toEqual([
        { ...lock, feature: 'cloud_storage_gb', used: 2 * BYTES.length },
        { ...lock, feature: 'backup_gb', used: BYTES.length },
      ]);
      await assertReadable(user, record);
      await app.call('delete', `/storage/records/${record}`, user).expect(200);
      await app
        .call('delete', '/storage/vectors', user)
        .send({ ids: ['a'] })
        .expect(200);
    },
  );
});
