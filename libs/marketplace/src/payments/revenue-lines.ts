import { splitSale } from '@adiuva/kernel';

/** `carry` lines come in pairs that add up to nothing: they move cents from one payout to the next. */
export type RevenueKind = 'sale' | 'refund' | 'dispute' | 'reinstatement' | 'carry';

/** One line of the ledger, in whole cents. Sales and reinstatements are positive, refunds and disputes negative; gross is the sum of the shares. */
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
 * The line where the returned cents of a sale change from `before` to `after`; null where they do not. Each share is the split of what is
 * kept after, less the split of what was kept before, so that every sequence of changes adds up to the split of what is kept at its end.
 */
export function returnLine(
  kind: 'refund' | 'dispute',
  priceCents: number,
  before: number,
  after: number,
): RevenueLine | null {
  if (after === before) return null;
  const kept = splitSale(priceCents - before);
  const left = splitSale(priceCents - after);
  return {
    kind: after < before ? 'reinstatement' : kind,
    grossCents: before - after,
    developerCents: left.developer - kept.developer,
    platformCents: left.platform - kept.platform,
  };
}
