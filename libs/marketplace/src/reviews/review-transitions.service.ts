import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { returnedRows, type Tx } from '@adiuva/platform';
import { AuditLog } from '../plugins/audit-log.service';
import { Listings } from '../catalogue/listings.service';
import { CLAIM_MINUTES, nextReview, type ReviewEvent } from '../plugins/review';
import { SealedTexts } from '../plugins/sealed-text.service';
import { reviewById, type ReviewFields } from './reviews.store';

interface DecisionRecord {
  readonly notes: string;
  readonly signature: { readonly keyId: string; readonly bytes: Buffer } | null;
}

/** Moves versions from state to state inside a transaction, and logs the reviewer. */
@Injectable()
export class ReviewTransitions {
  constructor(
    private readonly log: AuditLog,
    private readonly texts: SealedTexts,
    private readonly listings: Listings,
  ) {}

  async move(tx: Tx, reviewer: Principal, id: string, event: 'claim' | 'release'): Promise<void> {
    const review = await this.lock(tx, reviewer, id, event);
    await tx.query(
      `UPDATE plugin_versions SET state = $2, claimed_by = $3, claimed_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE now() END WHERE id = $1`,
      [id, nextReview(review.state, event), event === 'claim' ? reviewer.userId : null],
    );
    await this.log.note(tx, reviewer, `review.${event}`, id, { version: review.version });
  }

  async decide(
    tx: Tx,
    reviewer: Principal,
    id: string,
    event: 'approve' | 'reject',
    decision: DecisionRecord,
  ): Promise<void> {
    const review = await this.lock(tx, reviewer, id, event);
    await returnedRows(
      tx,
      `UPDATE plugin_versions SET state = $2, decided_by = $3, decided_at = now(), notes = $4, signature = $5, key_id = $6 WHERE id = $1`,
      [
        id,
        nextReview(review.state, event),
        reviewer.userId,
        decision.notes === '' ? null : this.texts.seal(id, decision.notes),
        decision.signature?.bytes ?? null,
        decision.signature?.keyId ?? null,
      ],
    );
    if (event === 'approve') await this.listings.refresh(tx, review.pluginId);
    await this.log.note(tx, reviewer, `review.${event}`, id, { plugin_id: review.pluginId, version: review.version });
  }

  assertMayMove(reviewer: Principal, review: ReviewFields, event: ReviewEvent): void {
    if (review.authorId === reviewer.userId)
      throw new Problem('forbidden', { detail: 'Authors do not review themselves' });
    if (nextReview(review.state, event) === null)
      throw new Problem('conflict', { detail: `This version is ${review.state}` });
    if (review.state === 'in_review' && review.claimFresh && review.claimedBy !== reviewer.userId) {
      throw new Problem('conflict', { detail: `Another reviewer has this review for up to ${CLAIM_MINUTES} minutes` });
    }
  }

  private async lock(tx: Tx, reviewer: Principal, id: string, event: ReviewEvent): Promise<ReviewFields> {
    // The plugin's row first, as everywhere, so that two transactions never wait for each other.
    await tx.query(
      'SELECT 1 FROM plugins WHERE id = (SELECT plugin_id FROM plugin_versions WHERE id = $1) FOR UPDATE',
      [id],
    );
    await tx.query('SELECT 1 FROM plugin_versions WHERE id = $1 FOR UPDATE', [id]);
    const review = await reviewById({ query: (sql, values) => tx.query(sql, [...(values ?? [])]) }, id);
    this.assertMayMove(reviewer, review, event);
    return review;
  }
}
