/** Whole cents of one sale, split between developer and platform. The parts always add up to `price`. */
export interface Split {
  readonly developer: number;
  readonly platform: number;
}

const DEVELOPER_PERCENT = 70;

/** 70 % to the developer, rounded down; the remainder to the platform, so nothing is lost. `priceCents` is a non-negative integer. */
export function splitSale(priceCents: number): Split {
  if (!Number.isSafeInteger(priceCents) || priceCents < 0) throw new RangeError('a price is a whole number of cents');
  const developer = Math.floor((priceCents * DEVELOPER_PERCENT) / 100);
  return { developer, platform: priceCents - developer };
}
