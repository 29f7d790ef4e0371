import { renewLease } from '@adiuva/platform';

describe('a lease', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is renewed every 3 s until it is released, also after a renewal that failed', async () => {
    let renewals = 0;
    const release = renewLease(async () => {
      renewals += 1;
      if (renewals === 1) throw new Error('the database is away');
    });
    await jest.advanceTimersByTimeAsync(9_100);
    expect(renewals).toBe(3);
    release();
    await jest.advanceTimersByTimeAsync(9_100);
    expect(renewals).toBe(3);
  });

  it('is renewed by one statement at a time, however long that takes', async () => {
    let renewals = 0;
    const release = renewLease(() => {
      renewals += 1;
      return new Promise(() => undefined);
    });
    await jest.advanceTimersByTimeAsync(30_000);
    release();
    expect(renewals).toBe(1);
  });
});
