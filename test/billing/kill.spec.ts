import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { TestApp } from '../support/app';
import { post } from '../support/fakes/stripe/webhook-sender';
import { lifeOf, stripeWithPrices, WEBHOOK_ONLY, WEBHOOK_SECRET } from '../support/builders/stripe-life';

const SUPPORT = resolve(__dirname, '../support');

describe('a kill between commit and answer', () => {
  it('changes nothing: the repeated event is answered 200 without a second effect', async () => {
    const node = await TestApp.start(WEBHOOK_ONLY);
    const user = await node.user();
    const child = fork(resolve(SUPPORT, 'processes/webhook-process.ts'), [node.database.url, node.dataDir], {
      execArgv: ['--require', resolve(SUPPORT, 'typescript.js')],
    });
    const died = new Promise<string | null>((done) => child.once('exit', (_, signal) => done(signal)));
    const port = await new Promise<number>((done) => child.once('message', (message) => done(Number(message))));
    const stripe = stripeWithPrices();
    const [bought] = lifeOf(stripe, user.id, true).events;
    const { body, signature } = stripe.webhooks.signed(bought ?? {}, WEBHOOK_SECRET);

    expect(await post(`http://127.0.0.1:${port}/api/v1/billing/webhook`, body, signature)).toBe(0);
    expect(await died).toBe('SIGKILL');
    expect(await post(`${node.url}/api/v1/billing/webhook`, body, signature)).toBe(200);

    const answer = await node.call('get', '/billing/subscription', user).expect(200);
    expect(answer.body).toMatchObject({ tier: 'pro', status: 'active' });
    const database = new Client({ connectionString: node.database.url });
    await database.connect();
    const { rows } = await database.query('SELECT cause FROM tier_changes WHERE user_id = $1', [user.id]);
    await database.end();
    expect(rows).toEqual([{ cause: bought?.id }]);
    await node.stop();
  });
});
