import { newId, type Principal, type Tier } from '@adiuva/kernel';
import { Quota, type StoredKind } from '@adiuva/quota';
import { eventually } from '../support/app';
import { startScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const WAITING = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
const PRO = 5_000_000_000;

describe('the ledger of bytes', () => {
  let scratch: ScratchDatabase;
  let quota: Quota;
  const accounts = Array.from({ length: 30 }, () => newId());

  beforeAll(async () => {
    scratch = await startScratchDatabase();
    quota = new Quota(scratch.database);
    await scratch.database.query('INSERT INTO users (id) SELECT unnest($1::uuid[])', [accounts]);
  });
  afterAll(() => scratch.stop());

  const owner = (tier: Tier = 'pro'): Principal => ({
    userId: accounts.pop() ?? newId(),
    sessionId: newId(),
    tier,
    seats: 1,
    role: 'user',
  });
  const take = (who: Principal, bytes: number, count = 1, kind: StoredKind = 'records') =>
    scratch.database.transaction((tx) => quota.charge(tx, who, kind, { bytes, count }));

  it('gives exactly as many parallel writers room as there is', async () => {
    const who = owner();
    await take(who, PRO - 1_000_000);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => take(who, 400_000)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome.status === 'rejected')[0]).toMatchObject({
      reason: { code: 'quota_exceeded', options: { members: { limit_bytes: PRO, used_bytes: PRO - 200_000 } } },
    });
    expect((await quota.usage(who)).records).toEqual({ bytes: PRO - 200_000, count: 3 });
  });

  it('lets nobody store more than everything at once, with the first entry either', async () => {
    const who = owner();
    await expect(take(who, PRO + 1)).rejects.toMatchObject({ code: 'quota_exceeded' });
    await take(who, PRO);
    await expect(take(who, 1)).rejects.toMatchObject({ code: 'quota_exceeded' });
    await take(who, 0);
    await take(who, -1, 0);
    await take(who, 1);
  });

  it('counts records and vectors together, and backups apart', async () => {
    const who = owner();
    await take(who, 3_000_000_000);
    await expect(take(who, 2_000_000_001, 1, 'vectors')).rejects.toMatchObject({ code: 'quota_exceeded' });
    await take(who, 2_000_000_000, 10, 'vectors');
    await take(who, PRO, 1, 'backups');
    expect(await quota.usage(who)).toEqual({
      records: { bytes: 3_000_000_000, count: 1 },
      vectors: { bytes: 2_000_000_000, count: 10 },
      files: { bytes: 0, count: 0 },
      backups: { bytes: PRO, count: 1 },
      limitBytes: PRO,
      backupLimitBytes: PRO,
    });
  });

  it('has no limit for a team', async () => {
    const who = owner('team');
    await take(who, 10 ** 15);
    expect(await quota.usage(who)).toMatchObject({ records: { bytes: 10 ** 15 }, limitBytes: null });
  });

  it('asks the free tier to upgrade, and says to what', async () => {
    const who = owner('free');
    expect(() => quota.assertIncluded(who, 'records')).toThrow(
      expect.objectContaining({ code: 'upgrade_required', options: { members: { required_tier: 'pro' } } }),
    );
    await expect(quota.assertReadable(who, 'records')).rejects.toMatchObject({ code: 'upgrade_required' });
    await expect(take(who, 1)).rejects.toMatchObject({ code: 'upgrade_required' });
  });

  it('lets who has left a paid tier read and shrink, but not grow', async () => {
    const who = owner('pro');
    await take(who, 100);
    const left: Principal = { ...who, tier: 'free' };
    await expect(quota.assertReadable(left, 'records')).resolves.toBeUndefined();
    await expect(take(left, 1)).rejects.toMatchObject({ code: 'upgrade_required' });
    await take(left, -100, -1);
  });

  it('undoes an entry whose transaction fails', async () => {
    const who = owner();
    const failing = scratch.database.transaction(async (tx) => {
      await quota.charge(tx, who, 'records', { bytes: 100, count: 1 });
      throw new Error('the writer failed');
    });
    await expect(failing).rejects.toThrow('the writer failed');
    expect((await quota.usage(who)).records).toEqual({ bytes: 0, count: 0 });
  });

  it('positions grow in the order of commits, so that a reader cannot skip one that commits late', async () => {
    const who = owner();
    const committed: number[] = [];
    const write = async (index: number): Promise<void> => {
      const position = await scratch.database.transaction(async (tx) => {
        const charged = await quota.charge(tx, who, 'records', { bytes: 1, count: 1 });
        await tx.query('SELECT pg_sleep($1)', [(index % 4) / 500]);
        return charged;
      });
      committed.push(position);
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => write(index)));
    expect(new Set(committed).size).toBe(20);
    expect(await take(who, 1)).toBe(21);
  });

  it('reserves room for a backup in parts, settles what arrived and gives the rest back', async () => {
    const who = owner();
    const { database } = scratch;
    await database.transaction((tx) => quota.reserve(tx, who, 4_000_000_000));
    await expect(database.transaction((tx) => quota.reserve(tx, who, 1_000_000_001))).rejects.toMatchObject({
      code: 'quota_exceeded',
    });
    await expect(quota.assertCapacity(who, 'backups', 1_000_000_001)).rejects.toMatchObject({ code: 'quota_exceeded' });
    await database.transaction((tx) => quota.commitReservation(tx, who.userId, 4_000_000_000, 1_000));
    expect((await quota.usage(who)).backups).toEqual({ bytes: 1_000, count: 1 });
    await database.transaction((tx) => quota.reserve(tx, who, PRO - 1_000));
    await database.transaction((tx) => quota.release(tx, who.userId, PRO - 1_000));
    await quota.assertCapacity(who, 'backups', PRO - 1_000);
    await database.transaction((tx) => quota.refund(tx, who.userId, 'backups', { bytes: 1_000, count: 1 }));
    expect((await quota.usage(who)).backups).toEqual({ bytes: 0, count: 0 });
  });

  it('charges nothing to an account that is erased, and leaves no row of it', async () => {
    const who = owner();
    await scratch.database.query('UPDATE users SET erased_at = now() WHERE id = $1', [who.userId]);
    for (const work of [
      () => take(who, 1),
      () => scratch.database.transaction((tx) => quota.reserve(tx, who, 1)),
      () => scratch.database.transaction((tx) => quota.lock(tx, who)),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await scratch.database.query('SELECT FROM storage_usage WHERE user_id = $1', [who.userId])).toEqual([]);
  });

  it('lets an erasure wait for a charge in progress, and refuses the charge that comes after it', async () => {
    const who = owner();
    const { database } = scratch;
    let erased = Promise.resolve<unknown>(undefined);
    let late = Promise.resolve<unknown>(undefined);
    await database.transaction(async (tx) => {
      await quota.charge(tx, who, 'records', { bytes: 5, count: 1 });
      erased = database.query('UPDATE users SET erased_at = now(), email_index = NULL WHERE id = $1', [who.userId]);
      late = erased.then(() => take(who, 1)).catch((error: unknown) => error);
      await eventually(async () => (await database.query(WAITING)).length > 0);
      const [row] = await database.query<{ erased_at: Date | null }>('SELECT erased_at FROM users WHERE id = $1', [
        who.userId,
      ]);
      expect(row?.erased_at).toBeNull();
    });
    await erased;
    expect(await late).toMatchObject({ code: 'unauthenticated' });
  });

  it('never goes below nothing', async () => {
    const who = owner();
    await take(who, 10);
    await expect(take(who, -11, 0)).rejects.toThrow();
    expect((await quota.usage(who)).records.bytes).toBe(10);
  });
});
