import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { MarketplacePayments } from '@adiuva/billing';
import { derivedId } from '@adiuva/kernel';
import { eventually, type TestUser } from '../support/app';
import { settingsFor } from '../support/builders/stripe-life';
import { month, Shop } from './shop';

const SUPPORT = resolve(__dirname, '../support');

describe('payouts', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop.close());
  afterEach(() => shop.stripe.heal());

  /** An author who has sold something in this month. */
  const sold = async (cents = 999) => {
    const seller = await shop.seller(cents);
    await shop.install(await shop.buyer(), seller.pluginId).expect(200);
    return seller;
  };
  const payoutOf = async (author: TestUser) =>
    (
      await shop.rows<{ id: string; state: string; amount_cents: number }>(
        `SELECT o.id, o.state, o.amount_cents FROM plugin_payouts o JOIN plugin_developers d ON d.id = o.developer_id WHERE d.user_id = $1
         ORDER BY o.created_at, o.period`,
        [author.id],
      )
    ).at(-1);

  it('pay each developer once, however often they are run', async () => {
    const sellers = [await sold(999), await sold(500)];
    await Promise.all(Array.from({ length: 8 }, () => shop.pay(month())));
    await shop.pay(month());
    expect(sellers.map(({ account }) => shop.transfersTo(account).map(({ amount }) => amount))).toEqual([[699], [350]]);
    const [seller] = sellers;
    if (!seller) return;
    expect(await shop.earnings(seller.author)).toMatchObject({
      balance_cents: 0,
      payout: { amount_cents: 699, status: 'paid', paid_at: expect.any(Number) },
    });
  });

  it.each([
    ['before anything was asked', 'GET', 'down'],
    ['before the transfer was made', 'POST', 'down'],
    ['after it was made', 'POST', 'answer_lost'],
    ['by a failure of the provider', 'POST', 'failing'],
  ] as const)('interrupted %s pay once', async (_, method, kind) => {
    const { author, account } = await sold();
    shop.stripe.suffer({ kind, times: 2, path: '/v1/transfers', method });
    await shop.pay(month());
    shop.stripe.heal();
    expect((await payoutOf(author))?.state).toBe('pending');
    await shop.pay(month());
    await shop.job('pay_plugin_developer', { payoutId: (await payoutOf(author))?.id });
    expect(shop.transfersTo(account).map(({ amount }) => amount)).toEqual([699]);
    expect((await payoutOf(author))?.state).toBe('paid');
  });

  it.each([
    ['before its transfer was asked for', 'before', 0],
    ['after its transfer was made and before that was written down', 'after', 1],
  ] as const)('of a process that was killed %s pay once, and forget nobody', async (_, moment, made) => {
    const sellers = [await sold(999), await sold(500)];
    const transfers = () => sellers.flatMap(({ account }) => shop.transfersTo(account).map(({ amount }) => amount));
    const settings = {
      ...settingsFor(shop.stripe),
      ENV: 'test',
      LOG_LEVEL: 'silent',
      LLM_PROVIDER: 'offline',
      DATABASE_URL: shop.app.database.url,
      DATA_DIR: shop.app.dataDir,
    };
    const { id } = await shop.admin();
    const child = fork(
      resolve(SUPPORT, 'processes/payout-process.ts'),
      [JSON.stringify(settings), month(), moment, id],
      {
        execArgv: ['--require', resolve(SUPPORT, 'typescript.js')],
      },
    );
    expect(await new Promise((done) => child.once('exit', (_code, signal) => done(signal)))).toBe('SIGKILL');
    expect(transfers()).toHaveLength(made);
    for (const { author } of sellers) expect((await payoutOf(author))?.state).toBe('pending');
    // The next run finishes one of them, and the job that was written with the payout the other: whichever comes first.
    await shop.job('pay_plugin_developer', {
      payoutId: (await payoutOf(sellers[0]?.author ?? (await shop.admin())))?.id,
    });
    await shop.pay(month());
    await shop.pay(month());
    expect(transfers()).toEqual([699, 350]);
    for (const { author } of sellers) expect((await payoutOf(author))?.state).toBe('paid');
  });

  it('whose end was not written down pay once, even when the provider has forgotten the key', async () => {
    const { author, account } = await sold();
    await shop.pay(month());
    const payout = await payoutOf(author);
    await shop.rows(
      `UPDATE plugin_payouts SET state = 'pending', transfer_id = NULL, paid_at = NULL, attempt = attempt + 1 WHERE id = $1`,
      [payout?.id],
    );
    await shop.job('pay_plugin_developer', { payoutId: payout?.id });
    expect([shop.transfersTo(account).length, (await payoutOf(author))?.state]).toEqual([1, 'paid']);
  });

  it('that a restored database does not know are not paid again', async () => {
    const { author, account, pluginId } = await sold();
    await shop.pay(month());
    await shop.rows('UPDATE plugin_revenue SET payout_id = NULL WHERE plugin_id = $1', [pluginId]);
    await shop.rows('DELETE FROM plugin_payouts WHERE id = $1', [(await payoutOf(author))?.id]);
    await shop.pay(month());
    expect([shop.transfersTo(account).length, (await payoutOf(author))?.state]).toEqual([1, 'paid']);
  });

  it.each([
    ['less', 500],
    ['more', 900],
  ] as const)('whose transfer of before a restore was %s carry the difference to the next one', async (_, was) => {
    const { author, account, pluginId } = await sold(999);
    await shop.rows(`UPDATE plugin_revenue SET occurred_at = occurred_at - interval '1 month' WHERE plugin_id = $1`, [
      pluginId,
    ]);
    shop.stripe.suffer({ kind: 'down', times: 3, path: '/v1/transfers' });
    await shop.pay(month(-1));
    shop.stripe.heal();
    const payout = await payoutOf(author);
    await shop.app.nest.get(MarketplacePayments).transfer({
      key: `plugin_payout_${payout?.id}_1`,
      account,
      amountCents: was,
      reference: `plugin_payout_${payout?.id}`,
    });
    await shop.job('pay_plugin_developer', { payoutId: payout?.id });
    expect(await payoutOf(author)).toMatchObject({ state: 'paid', amount_cents: was });
    expect(await shop.earnings(author)).toMatchObject({ balance_cents: 699 - was });
    await shop.install(await shop.buyer(), pluginId).expect(200);
    await shop.pay(month());
    await shop.pay(month());
    expect(shop.transfersTo(account).map(({ amount }) => amount)).toEqual([was, 2 * 699 - was]);
    expect(await shop.earnings(author)).toMatchObject({ balance_cents: 0 });
  });

  it('whose key the provider knows with another amount pay nothing until it is clear, and then once', async () => {
    const { author, account } = await sold(999);
    const [{ id: developer } = { id: '' }] = await shop.rows<{ id: string }>(
      'SELECT id FROM plugin_developers WHERE user_id = $1',
      [author.id],
    );
    const payoutId = derivedId(`payout/${developer}/${month()}`);
    const payments = shop.app.nest.get(MarketplacePayments);
    const other = { key: `plugin_payout_${payoutId}_1`, account, amountCents: 1, reference: 'not visible yet' };
    await payments.transfer(other);
    await shop.pay(month());
    await shop.pay(month());
    expect([await payoutOf(author), shop.transfersTo(account).length]).toEqual([
      { id: payoutId, state: 'pending', amount_cents: 699 },
      1,
    ]);
    await shop.rows('UPDATE plugin_payouts SET attempt = attempt + 1 WHERE id = $1', [payoutId]);
    await shop.job('pay_plugin_developer', { payoutId });
    await shop.pay(month());
    expect([(await payoutOf(author))?.state, shop.transfersTo(account).map(({ amount }) => amount)]).toEqual([
      'paid',
      expect.arrayContaining([1, 699]),
    ]);
    expect(shop.transfersTo(account)).toHaveLength(2);
  });

  it('that nobody carried on are carried on by a job', async () => {
    const { author, account } = await sold();
    shop.stripe.suffer({ kind: 'down', times: 2, path: '/v1/transfers' });
    await shop.pay(month());
    const payout = await payoutOf(author);
    const jobs = await shop.rows('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [`payout:${payout?.id}`]);
    expect([payout?.state, jobs.length]).toEqual(['pending', 1]);
    await shop.job('pay_plugin_developer', { payoutId: payout?.id });
    expect(shop.transfersTo(account)).toHaveLength(1);
  });

  it('carry a negative balance over until it is earned back', async () => {
    const { author, account, pluginId } = await sold(999);
    await shop.rows(`UPDATE plugin_revenue SET occurred_at = occurred_at - interval '1 month' WHERE plugin_id = $1`, [
      pluginId,
    ]);
    await shop.pay(month(-1));
    expect(shop.transfersTo(account).map(({ amount }) => amount)).toEqual([699]);
    const [charge] = await shop.charges(pluginId);
    shop.stripe.payers.refund(charge?.id ?? '');
    await shop.stripe.webhooks.settled();
    expect(await shop.earnings(author)).toMatchObject({
      balance_cents: -699,
      developer_cents: -699,
      refunded_cents: 999,
    });
    await shop.pay(month());
    expect(shop.transfersTo(account)).toHaveLength(1);
    for (let sale = 0; sale < 2; sale += 1) await shop.install(await shop.buyer(), pluginId).expect(200);
    expect(await shop.earnings(author)).toMatchObject({ balance_cents: 699 });
    await shop.pay(month());
    expect(shop.transfersTo(account).map(({ amount }) => amount)).toEqual([699, 699]);
    expect(await shop.earnings(author)).toMatchObject({ balance_cents: 0 });
  });

  it('wait for who cannot be paid yet', async () => {
    const author = await shop.app.user();
    const pluginId = await shop.publish(author, { price_cents: 999 });
    await shop.install(await shop.buyer(), pluginId).expect(200);
    await shop.pay(month());
    expect(await payoutOf(author)).toBeUndefined();
    const { body } = await shop.app.call('post', '/developer/onboarding', author).expect(200);
    expect(body.onboarding_url).toContain('https://');
    await shop.pay(month());
    expect((await payoutOf(author))?.state).toBe('refused');
    expect(await shop.earnings(author)).toMatchObject({ balance_cents: 699 });
    const [row] = await shop.rows<{ account_id: string }>(
      'SELECT account_id FROM plugin_developers WHERE user_id = $1',
      [author.id],
    );
    const account = row?.account_id ?? '';
    shop.stripe.payers.onboard(account);
    await shop.stripe.webhooks.settled();
    const [developer] = await shop.rows('SELECT payouts_enabled FROM plugin_developers WHERE user_id = $1', [
      author.id,
    ]);
    expect(developer).toEqual({ payouts_enabled: true });
    await shop.pay(month());
    expect(shop.transfersTo(account).map(({ amount }) => amount)).toEqual([699]);
  });

  it('are not released while their transfer may be in progress, although the account became one that cannot be paid', async () => {
    const { author, account, pluginId } = await sold();
    shop.stripe.suffer({ kind: 'answer_lost', times: 2, path: '/v1/transfers', method: 'POST' });
    await shop.pay(month());
    const payout = await payoutOf(author);
    const made = shop.stripe.world.transfers.where((row) => row.destination === account)[0];
    if (!made) throw new Error('no transfer was made');
    // Stripe does not list it yet.
    shop.stripe.world.transfers.rows.delete(made.id);
    shop.stripe.world.accounts.get(account).payouts_enabled = false;
    await shop.pay(month());
    const lines = 'SELECT payout_id FROM plugin_revenue WHERE plugin_id = $1';
    expect([(await payoutOf(author))?.state, await shop.rows(lines, [pluginId])]).toEqual([
      'pending',
      [{ payout_id: payout?.id }],
    ]);
    shop.stripe.world.transfers.rows.set(made.id, made);
    await shop.job('pay_plugin_developer', { payoutId: payout?.id });
    expect([shop.transfersTo(account).length, (await payoutOf(author))?.state]).toEqual([1, 'paid']);
  });

  it('that another run has released since they were read are not sent', async () => {
    const { author, account } = await sold();
    const payments = shop.app.nest.get(MarketplacePayments);
    const read = payments.isPayable.bind(payments);
    jest.spyOn(payments, 'isPayable').mockImplementationOnce(async (id) => {
      const found = await read(id);
      await shop.rows(
        `UPDATE plugin_payouts o SET attempt = o.attempt + 1 FROM plugin_developers d WHERE d.id = o.developer_id AND d.account_id = $1`,
        [id],
      );
      return found;
    });
    await shop.pay(month());
    expect([(await payoutOf(author))?.state, shop.transfersTo(account)]).toEqual(['pending', []]);
    await shop.pay(month());
    expect([(await payoutOf(author))?.state, shop.transfersTo(account).length]).toEqual(['paid', 1]);
  });

  it('open one account for a developer, however often he asks', async () => {
    const author = await shop.app.user();
    const answers = await Promise.all([1, 2, 3].map(() => shop.app.call('post', '/developer/onboarding', author)));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    await shop.app.call('post', '/developer/onboarding', author).expect(200);
    expect(shop.stripe.world.accounts.where((account) => account.metadata['user_id'] === author.id)).toHaveLength(1);
  });

  it('are for periods that have begun, and written down', async () => {
    const admin = await shop.admin();
    const run = (period: unknown) => shop.app.call('post', '/admin/payouts', admin).send({ period });
    await run(month(1)).expect(409);
    for (const wrong of ['2026-13', '2026', '26-01', null, 202611]) await run(wrong).expect(400);
    await shop.app.call('get', '/developer/earnings?period=2026-13', admin).expect(400);
    await run(month()).expect(200);
    const { body } = await shop.app.call('get', '/admin/audit?limit=1', admin).expect(200);
    expect(body.events).toEqual([
      expect.objectContaining({ action: 'payouts.run', details: { subject: month() }, actor_id: admin.id }),
    ]);
  });

  it('still reach a developer whose account was erased', async () => {
    const { author, account } = await sold();
    await shop.app.startJobs();
    await shop.app.call('delete', '/auth/account', author).send({ password: author.password }).expect(202);
    const gone = async () =>
      (await shop.rows('SELECT 1 FROM plugin_developers WHERE user_id = $1', [author.id])).length === 0;
    await eventually(gone);
    await shop.pay(month());
    expect(shop.transfersTo(account).map(({ amount }) => amount)).toEqual([699]);
  });
});
