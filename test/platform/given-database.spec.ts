import { ConfigurationError } from '@adiuva/config';
import { TestApp } from '../support/app';
import { emptyDatabase } from '../support/database';

describe('a given database', () => {
  it('without our schema gets it at the start, outside production', async () => {
    const database = await emptyDatabase();
    const app = await TestApp.start({ DATABASE_URL: database.url });
    await app
      .call('post', '/auth/register')
      .send({ email: 'first@example.org', password: 'a long walk by the sea' })
      .expect(201);
    await app.stop();
    await database.drop();
  });

  it('that cannot be reached stops the start with the name of the setting, never its value', async () => {
    const failure: unknown = await TestApp.start({ DATABASE_URL: 'postgres://me:hush-hush@127.0.0.1:1/x' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(String(failure)).toContain('DATABASE_URL: the database cannot be used (ECONNREFUSED)');
    expect(String(failure)).not.toContain('hush-hush');
  });
});

describe('Redis', () => {
  it('that is away breaks nothing: this node counts alone', async () => {
    const app = await TestApp.start({ REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_FREE: '2' });
    const user = await app.user();
    const statuses = [];
    for (let at = 0; at < 3; at += 1) statuses.push((await app.call('get', '/auth/me', user)).status);
    expect(statuses).toEqual([200, 200, 429]);
    await app.stop();
  });
});
