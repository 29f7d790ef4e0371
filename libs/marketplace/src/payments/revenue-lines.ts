import { splitSale } from '@adiuva/kernel';

export type RevenueKind = 'sale' | 'refund' | 'dispute';

/** One line of the ledger, in whole cents. Sales are positive, reversals negative; gross is the sum of the shares. */
export interface RevenueLine {
  readonly kind: RevenueKind;
  readonly grossCents: number;
  readonly developerCents: number;
  readonly platformCents: number;
}

export function saleLine(priceCents: number): RevenueLine {
  const { developer, platform } = splitSale(priceCents);
  return { kind: 'sale', grossCents: priceCents, developerCents: developer, platformCents: platform };
}

/**
 * What goes back when the sum taken back of a sale grows from `before` to `after` cents. Each share is the split of what is kept
 * before, less the split of what is kept after, so that however it is cut up a full refund returns exactly what the sale gave.
 */
export function reversalLine(
  kind: 'refund' | 'dispute',
  priceCents: number,
  before: number,
  after: number,
): RevenueLine | null {
  const until = Math.min(after, priceCents);
  if (until <= before) return null;
  const kept = splitSale(priceCents - before);
  const left = splitSale(priceCents - until);
  return {
    kind,
    grossCents: before - until,
    developerCents: left.developer - kept.developer,
    platformCents: left.platform - kept.platform,
  };
}
