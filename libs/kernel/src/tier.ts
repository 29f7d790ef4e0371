export const TIERS = ['free', 'pro', 'power', 'team'] as const;
export type Tier = (typeof TIERS)[number];

/** What a tier includes. Counts and gigabytes (10^9 bytes) of `UNLIMITED` have no limit; `agents` counts from the front of the agents' order. */
export interface Features {
  readonly agents: number;
  readonly batchActive: number;
  readonly cloudStorageGb: number;
  readonly backupGb: number;
  readonly providers: number;
  readonly batchBuilder: boolean;
  readonly pluginMarketplace: boolean;
  readonly sso: boolean;
}

export const UNLIMITED = -1;

const FEATURES: Readonly<Record<Tier, Features>> = {
  free: row(3, 2, 0, 0, 1, false, false, false),
  pro: row(UNLIMITED, 10, 5, 5, UNLIMITED, false, false, false),
  power: row(UNLIMITED, UNLIMITED, 25, 25, UNLIMITED, true, true, false),
  team: row(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, true, true, true),
};

/** Price a month in euro cents; for team, for each seat. */
export const PRICE_CENTS: Readonly<Record<Tier, number>> = { free: 0, pro: 1500, power: 2900, team: 4900 };

export function featuresOf(tier: Tier): Features {
  return FEATURES[tier];
}

/** The lowest tier that satisfies `wanted`; every feature is in at least one. */
export function lowestTierWith(wanted: (features: Features) => boolean): Tier {
  return TIERS.find((tier) => wanted(FEATURES[tier])) ?? 'team';
}

export function atLeast(tier: Tier, minimum: Tier): boolean {
  return TIERS.indexOf(tier) >= TIERS.indexOf(minimum);
}

function row(
  agents: number,
  batchActive: number,
  cloudStorageGb: number,
  backupGb: number,
  providers: number,
  batchBuilder: boolean,
  pluginMarketplace: boolean,
  sso: boolean,
): Features {
  return { agents, batchActive, cloudStorageGb, backupGb, providers, batchBuilder, pluginMarketplace, sso };
}
