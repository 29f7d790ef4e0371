/** What one request costs of the requests a minute that the tier includes. The gateway has a budget of its own, equally large. */
export const RATE_GROUPS = { default: 1, compute: 5, telemetry: 0.2, gateway: 1 } as const;
export type RateGroupName = keyof typeof RATE_GROUPS;

/** Limits are counted in whole units, so that the smallest cost is one. */
export const UNITS_A_REQUEST = 5;

export function unitsOf(group: RateGroupName): number {
  return Math.round(RATE_GROUPS[group] * UNITS_A_REQUEST);
}
