import { keepsEverything, planRetention, type RetentionRule } from '@adiuva/backup';

const rule = (numbers: Partial<RetentionRule>): RetentionRule => ({
  keepLast: 0,
  keepDaily: 0,
  keepWeekly: 0,
  keepMonthly: 0,
  ...numbers,
});
const backup = (time: string, restored = false, damagedAt: Date | null = null) => ({
  id: time,
  createdAt: new Date(`${time}Z`),
  restored,
  damagedAt,
});

const HISTORY = [
  '2026-03-02T08:00', // a Monday
  '2026-03-01T20:00', // a Sunday
  '2026-03-01T08:00',
  '2026-02-28T08:00',
  '2026-02-20T08:00',
  '2026-01-31T23:59',
  '2025-12-31T12:00',
];
const kept = (numbers: Partial<RetentionRule>) =>
  planRetention(
    HISTORY.map((time) => backup(time)),
    rule(numbers),
  ).keep.map(({ id }) => id);

describe('the retention rule', () => {
  it.each([
    ['everything where nothing is said', {}, HISTORY],
    ['the newest n', { keepLast: 2 }, HISTORY.slice(0, 2)],
    [
      'the newest of each day, skipping days without one',
      { keepDaily: 4 },
      [HISTORY[0], HISTORY[1], HISTORY[3], HISTORY[4]],
    ],
    ['the newest of each week, which begins on Monday', { keepWeekly: 3 }, [HISTORY[0], HISTORY[1], HISTORY[4]]],
    ['the newest of each month', { keepMonthly: 4 }, [HISTORY[0], HISTORY[3], HISTORY[5], HISTORY[6]]],
    ['the union of rules', { keepLast: 3, keepMonthly: 2 }, [HISTORY[0], HISTORY[1], HISTORY[2], HISTORY[3]]],
    ['no more than there are', { keepLast: 100, keepDaily: 100 }, HISTORY],
  ])('keeps %s', (_, numbers, expected) => {
    expect(kept(numbers)).toEqual(expected);
  });

  it('lets no damaged one take the place of another, and lets none of both go for it', () => {
    const [newest = '', second = '', third = '', fourth = ''] = HISTORY;
    const backups = [backup(newest), backup(second, false, new Date()), backup(third), backup(fourth)];
    const plan = planRetention(backups, rule({ keepLast: 2 }));
    expect(plan.keep).toEqual([
      { id: newest, reasons: ['last'] },
      { id: second, reasons: [] },
      { id: third, reasons: ['last'] },
    ]);
    expect(plan.drop).toEqual([fourth]);
  });

  it('always keeps the newest one', () => {
    expect(kept({ keepMonthly: 1 })).toContain(HISTORY[0]);
    expect(planRetention([], rule({ keepLast: 1 }))).toEqual({ keep: [], drop: [] });
  });

  it('says why it keeps each, and names every other as let go', () => {
    const plan = planRetention(
      [...HISTORY].reverse().map((time) => backup(time)),
      rule({ keepLast: 1, keepDaily: 2 }),
    );
    expect(plan.keep).toEqual([
      { id: HISTORY[0], reasons: ['last', 'daily'] },
      { id: HISTORY[1], reasons: ['daily'] },
    ]);
    expect(plan.drop).toEqual(HISTORY.slice(2));
  });

  it('does not put back into the trash what was restored by hand', () => {
    const plan = planRetention(
      [backup('2026-03-02T08:00'), backup('2026-03-01T08:00', true), backup('2026-02-01T08:00')],
      rule({ keepLast: 1 }),
    );
    expect(plan.keep.map(({ id }) => id)).toEqual(['2026-03-02T08:00', '2026-03-01T08:00']);
    expect(plan.drop).toEqual(['2026-02-01T08:00']);
  });

  it('knows when it keeps everything', () => {
    expect(keepsEverything(rule({}))).toBe(true);
    expect(keepsEverything(rule({ keepWeekly: 1 }))).toBe(false);
  });

  it('decides about thousands at once', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      id: String(index),
      createdAt: new Date(index * 3_600_000),
      restored: false,
      damagedAt: null,
    }));
    const plan = planRetention(many, rule({ keepLast: 10, keepDaily: 30, keepWeekly: 8, keepMonthly: 12 }));
    expect(plan.keep.length + plan.drop.length).toBe(10_000);
    expect(plan.keep.length).toBeLessThanOrEqual(60);
  });
});
