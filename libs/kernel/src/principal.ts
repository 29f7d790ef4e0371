import type { Tier } from './tier';

export type Role = 'user' | 'admin';

/** Who is calling, as the database knows the account on this request. The first argument of everything that touches a user's data. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly tier: Tier;
  /** Paid seats; 1 unless the tier is team. */
  readonly seats: number;
  readonly role: Role;
}
