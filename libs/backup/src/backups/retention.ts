/** How many backups a user wants to keep; 0 keeps none by that rule. With every number 0, everything is kept. */
export interface RetentionRule {
  /** The newest ones. */
  readonly keepLast: number;
  /** The newest one of each of so many days that have any, in UTC; weeks begin on Monday. */
  readonly keepDaily: number;
  readonly keepWeekly: number;
  readonly keepMonthly: number;
}

export type RetentionReason = 'last' | 'daily' | 'weekly' | 'monthly' | 'restored' | 'no_rule';

export interface DatedBackup {
  readonly id: string;
  /** When the server took it in; a client's own time has no say here. */
  readonly createdAt: Date;
  /** Restored by the user, so no rule deletes it again. */
  readonly restored: boolean;
  /** Since when it is known not to be what was stored. It takes the place of no other one, and stays, because damage may heal (a disk came back). */
  readonly damagedAt: Date | null;
}

export interface KeptBackup {
  readonly id: string;
  readonly reasons: readonly RetentionReason[];
}

export interface RetentionPlan {
  readonly keep: readonly KeptBackup[];
  /** Ids of those that no rule keeps, newest first. */
  readonly drop: readonly string[];
}

export const KEEP_EVERYTHING: RetentionRule = { keepLast: 0, keepDaily: 0, keepWeekly: 0, keepMonthly: 0 };

const DAY_MS = 86_400_000;
// 1970-01-01 was a Thursday: three days later than the Monday of its week.
const DAYS_FROM_MONDAY_TO_EPOCH = 3;

interface Rule {
  readonly reason: RetentionReason;
  readonly periods: number;
  readonly periodOf: (at: Date) => string;
}

/**
 * What a rule keeps and what it lets go, as tape rotations do (grandfather, father, son): each rule goes from the newest backup to the
 * oldest and keeps the first one it meets in each of its periods, until it has met as many periods as it may. Periods without a backup do
 * not count, so a pause of a month costs nothing. The newest intact backup is always kept.
 */
export function planRetention(backups: readonly DatedBackup[], rule: RetentionRule): RetentionPlan {
  const newestFirst = [...backups].sort(
    (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1),
  );
  const reasons = new Map<string, RetentionReason[]>(newestFirst.map(({ id }) => [id, []]));
  for (const { id, restored } of newestFirst) if (restored) reasons.get(id)?.push('restored');
  const intact = newestFirst.filter(({ damagedAt }) => damagedAt === null);
  for (const { reason, periods, periodOf } of rulesOf(rule)) {
    for (const id of firstOfEach(intact, periods, periodOf)) reasons.get(id)?.push(reason);
  }
  const dropped = new Set(intact.filter(({ id }) => reasons.get(id)?.length === 0).map(({ id }) => id));
  const kept = [...reasons].filter(([id]) => !dropped.has(id));
  return { keep: kept.map(([id, why]) => ({ id, reasons: why })), drop: [...dropped] };
}

export function keepsEverything(rule: RetentionRule): boolean {
  return rule.keepLast + rule.keepDaily + rule.keepWeekly + rule.keepMonthly === 0;
}

function rulesOf(rule: RetentionRule): readonly Rule[] {
  const each = (at: Date): string => String(at.getTime());
  if (keepsEverything(rule)) return [{ reason: 'no_rule', periods: Infinity, periodOf: () => '' }];
  return [
    { reason: 'last', periods: Math.max(1, rule.keepLast), periodOf: each },
    { reason: 'daily', periods: rule.keepDaily, periodOf: (at) => at.toISOString().slice(0, 10) },
    { reason: 'weekly', periods: rule.keepWeekly, periodOf: weekOf },
    { reason: 'monthly', periods: rule.keepMonthly, periodOf: (at) => at.toISOString().slice(0, 7) },
  ];
}

function firstOfEach(newestFirst: readonly DatedBackup[], periods: number, periodOf: Rule['periodOf']): string[] {
  const met = new Set<string>();
  const first: string[] = [];
  for (const [index, { id, createdAt }] of newestFirst.entries()) {
    // Without a limit every backup is a period of its own.
    const period = periods === Infinity ? String(index) : periodOf(createdAt);
    if (met.has(period)) continue;
    if (met.size >= periods) break;
    met.add(period);
    first.push(id);
  }
  return first;
}

function weekOf(at: Date): string {
  return String(Math.floor((Math.floor(at.getTime() / DAY_MS) + DAYS_FROM_MONDAY_TO_EPOCH) / 7));
}
