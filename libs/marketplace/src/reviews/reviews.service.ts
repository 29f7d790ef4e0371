import { Injectable } from '@nestjs/common';
import { invalidField, Problem, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { Downloads } from '../installs/downloads.service';
import type { Finding } from '../plugins/finding';
import { asError, hasErrors } from '../plugins/finding';
import { checkManifest, type Manifest } from '../plugins/manifest';
import { PluginNameCheck } from '../submissions/plugin-name-check.service';
import { Packages } from '../packages/packages.service';
import { permissionDiff, type PermissionDiff } from '../plugins/permission-diff';
import type { ReviewState } from '../plugins/review';
import { OPEN_REVIEWS, reviewById, type ReviewFields } from './reviews.store';
import { ReviewTransitions } from './review-transitions.service';
import { SigningKeys } from '../packages/signing-keys.service';

export interface ReviewSummary {
  readonly id: string;
  readonly pluginId: string;
  readonly name: string;
  readonly version: string;
  readonly author: string;
  readonly state: ReviewState;
  readonly submittedAt: Date;
  readonly claimedBy: string | null;
}

export interface ReviewDetails extends ReviewSummary {
  readonly manifest: Manifest;
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly findings: readonly Finding[];
  readonly permissions: PermissionDiff;
  readonly lastVersion: string | null;
  readonly downloadUrl: string;
}

export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly notes?: string;
}

/** The queue of submitted versions, and reviewers' decisions. Authors never decide about their own. */
@Injectable()
export class Reviews {
  constructor(
    private readonly database: Database,
    private readonly packages: Packages,
    private readonly downloads: Downloads,
    private readonly keys: SigningKeys,
    private readonly transitions: ReviewTransitions,
    private readonly pluginNameCheck: PluginNameCheck,
  ) {}

  /** Oldest first. */
  async queue({ page, limit }: PageRequest): Promise<Page<ReviewSummary>> {
    const [items, [count]] = await Promise.all([
      this.database.query<ReviewFields>(`${OPEN_REVIEWS} ORDER BY v.submitted_at, v.id LIMIT $1 OFFSET $2`, [
        limit,
        (page - 1) * limit,
      ]),
      this.database.query<{ total: number }>(
        `SELECT count(*)::int AS total FROM plugin_versions WHERE state IN ('pending_review', 'in_review')`,
      ),
    ]);
    return { items, total: count?.total ?? 0 };
  }

  /** `id` is the review's, or a plugin's, which represents its oldest version that waits. @throws `not_found` */
  async get(reviewer: Principal, id: string): Promise<ReviewDetails> {
    const review = await reviewById(this.database, id);
    const [last] = await this.database.query<{ version: string; permissions: Manifest['permissions'] }>(
      `SELECT p.version, v.manifest -> 'permissions' AS permissions FROM plugins p
       JOIN plugin_versions v ON v.plugin_id = p.id AND v.version = p.version AND v.state = 'approved' WHERE p.id = $1`,
      [review.pluginId],
    );
    return {
      ...review,
      permissions: permissionDiff(last?.permissions ?? [], review.manifest.permissions),
      lastVersion: last?.version ?? null,
      downloadUrl: this.downloads.urlFor(review.id, reviewer.userId, true),
    };
  }

  /** Claims a version, so that no other reviewer reads it too. @throws `conflict`, `forbidden`, `not_found` */
  async claim(reviewer: Principal, id: string): Promise<void> {
    const review = await reviewById(this.database, id);
    await this.database.transaction((tx) => this.transitions.move(tx, reviewer, review.id, 'claim'));
  }

  async release(reviewer: Principal, id: string): Promise<void> {
    const review = await reviewById(this.database, id);
    await this.database.transaction((tx) => this.transitions.move(tx, reviewer, review.id, 'release'));
  }

  /**
   * Approves after checking everything once more, signs the package and lists it; or rejects with a reason that the author sees.
   * @throws `validation_failed` for a rejection without a reason, `unprocessable` when the check refuses an approval, `conflict`
   * when it was decided or another reviewer has it, `forbidden` to its author, `not_found`
   */
  async decide(reviewer: Principal, id: string, decision: Decision): Promise<void> {
    const notes = decision.notes?.trim() ?? '';
    if (decision.decision === 'reject' && notes === '') {
      throw invalidField('notes', 'a reason is required to reject');
    }
    const review = await reviewById(this.database, id);
    this.transitions.assertMayMove(reviewer, review, decision.decision);
    if (decision.decision === 'approve') await this.assertSound(review);
    await this.database.transaction(async (tx) => {
      const { pluginId, version, checksum, sizeBytes } = review;
      const signature =
        decision.decision === 'approve' ? this.keys.sign({ pluginId, version, checksum, sizeBytes }) : null;
      await this.transitions.decide(tx, reviewer, review.id, decision.decision, { notes, signature });
    });
  }

  private async assertSound(review: ReviewFields): Promise<void> {
    const again = checkManifest(JSON.stringify(review.manifest));
    const findings = [
      ...again.findings,
      // Another author may have published since this was submitted.
      ...(await this.pluginNameCheck.check(review.authorId, review.manifest.name)),
      ...(await this.packages.inspect(review, review.manifest)),
    ];
    if (!hasErrors(findings)) return;
    const errors = findings.filter((finding) => finding.severity === 'error').map(asError);
    throw new Problem('unprocessable', { detail: 'The package check refuses this version', errors });
  }
}
