export const MEMBER_ROLES = ['member', 'admin'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  /** Of the caller. */
  readonly role: MemberRole | 'owner';
  /** Paid for now; 0 while the owner has no team subscription. */
  readonly seats: number;
  readonly members: number;
  readonly createdAt: Date;
}

export interface TeamMember {
  readonly userId: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: MemberRole;
  /** Whether the member's seat is paid for now. */
  readonly active: boolean;
  readonly joinedAt: Date;
}

export interface TeamInvite {
  readonly id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}
