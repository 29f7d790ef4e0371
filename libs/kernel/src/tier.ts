export const TIERS = ['free', 'pro', 'power', 'team'] as const;
export type Tier = (typeof TIERS)[number];

/** What a tier includes. Counts and gigabytes (10^9 bytes) of `UNLIMITED` have no limit; `agents` counts from the front of the agents' order. */
export interface Features {
  readonly agents: number;
  readonly customAgents: number;
  readonly batchActive: number;
  readonly cloudStorageGb: number;
  readonly backupGb: number;
  readonly providers: number;
  readonly batchBuilder: boolean;
  readonly pluginMarketplace: boolean;
  readonly sso: boolean;
}

export const UNLIMITED = -1;
const MAX_CUSTOM_AGENTS = 50;

const FEATURES: Readonly<Record<Tier, Features>> = {
  free: {
    agents: 3,
    customAgents: 0,
    batchActive: 2,
    cloudStorageGb: 0,
    backupGb: 0,
    providers: 1,
    batchBuilder: false,
    pluginMarketplace: false,
    sso: false,
  },
  pro: {
    agents: UNLIMITED,
    customAgents: MAX_CUSTOM_AGENTS,
    batchActive: 10,
    cloudStorageGb: 5,
    backupGb: 5,
    providers: UNLIMITED,
    batchBuilder: false,
    pluginMarketplace: false,
    sso: false,
  },
  power: {
    agents: UNLIMITED,
    customAgents: MAX_CUSTOM_AGENTS,
    batchActive: UNLIMITED,
    cloudStorageGb: 25,
    backupGb: 25,
    providers: UNLIMITED,
    batchBuilder: true,
    pluginMarketplace: true,
    sso: false,
  },
  team: {
    agents: UNLIMITED,
    customAgents: MAX_CUSTOM_AGENTS,
    batchActive: UNLIMITED,
    cloudStorageGb: UNLIMITED,
    backupGb: UNLIMITED,
    providers: UNLIMITED,
    batchBuilder: true,
    pluginMarketplace: true,
    sso: true,
  },
};

/** Price a month in euro cents; for team, for each seat. */
export const PRICE_CENTS: Readonly<Record<Tier, number>> = { free: 0, pro: 1500, power: 2900, team: 4900 };

/** Unless the operator sets others; for team, for each seat. */
export const REQUESTS_PER_MINUTE: Readonly<Record<Tier, number>> = { free: 20, pro: 60, power: 120, team: 200 };
export const TOKENS_PER_MONTH: Readonly<Record<Tier, number>> = {
  free: 1_000_000,
  pro: 20_000_000,
  power: 60_000_000,
  team: 100_000_000,
};

/** Answers and runs that one user may have in progress at the same time. */
export const CONCURRENT_STREAMS: Readonly<Record<Tier, number>> = { free: 2, pro: 8, power: 8, team: 8 };

/** Whom an amount of the tier is for, in descriptions. */
export function holderOf(tier: Tier): string {
  return tier === 'team' ? 'for each seat of a team' : `of a ${tier} user`;
}

/** An amount of the tier, for all seats. */
export function perSeat(amount: number, { tier, seats }: { readonly tier: Tier; readonly seats: number }): number {
  return tier === 'team' ? amount * Math.max(1, seats) : amount;
}

export function featuresOf(tier: Tier): Features {
  return FEATURES[tier];
}

/** The lowest tier that satisfies `wanted`; every feature is in at least one. */
export function lowestTierWith(wanted: (features: Features) => boolean): Tier {
  return TIERS.find((tier) => wanted(FEATURES[tier])) ?? 'team';
}
