/** The state of a submitted version. Only `approved` ones are ever served. */
export const REVIEW_STATES = ['pending_review', 'in_review', 'approved', 'rejected', 'yanked'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

export type ReviewEvent = 'claim' | 'release' | 'approve' | 'reject' | 'yank';

const TABLE: Readonly<Record<ReviewState, Partial<Record<ReviewEvent, ReviewState>>>> = {
  pending_review: { claim: 'in_review', approve: 'approved', reject: 'rejected' },
  in_review: { claim: 'in_review', release: 'pending_review', approve: 'approved', reject: 'rejected' },
  approved: { yank: 'yanked' },
  rejected: {},
  yanked: {},
};

/** The state that follows, or null where the event does not fit. */
export function nextReview(state: ReviewState, event: ReviewEvent): ReviewState | null {
  return TABLE[state][event] ?? null;
}

/** A claim without a decision blocks the queue for this long. */
export const CLAIM_MINUTES = 30;
