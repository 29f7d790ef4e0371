import { Problem } from '@adiuva/kernel';
import type { Database } from '@adiuva/platform';
import type { Finding } from '../plugins/finding';
import type { Manifest } from '../plugins/manifest';
import { CLAIM_MINUTES, type ReviewState } from '../plugins/review';

export interface ReviewFields {
  readonly id: string;
  readonly pluginId: string;
  readonly name: string;
  readonly version: string;
  readonly author: string;
  readonly authorId: string | null;
  readonly state: ReviewState;
  readonly submittedAt: Date;
  readonly claimedBy: string | null;
  readonly claimFresh: boolean;
  readonly manifest: Manifest;
  readonly blobKey: string;
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly findings: readonly Finding[];
}

const REVIEWS = `
  SELECT v.id, v.plugin_id AS "pluginId", v.manifest ->> 'name' AS name, v.version, v.manifest ->> 'author' AS author,
    d.user_id AS "authorId", v.state, v.submitted_at AS "submittedAt", v.claimed_by AS "claimedBy",
    coalesce(v.claimed_at > now() - interval '${CLAIM_MINUTES} minutes', false) AS "claimFresh",
    v.manifest, v.blob_key AS "blobKey", v.checksum, v.size_bytes AS "sizeBytes", v.findings
  FROM plugin_versions v JOIN plugins p ON p.id = v.plugin_id JOIN plugin_developers d ON d.id = p.developer_id`;

export const OPEN_REVIEWS = `${REVIEWS} WHERE v.state IN ('pending_review', 'in_review')`;

/** @throws `not_found` */
export async function reviewById(reader: Pick<Database, 'query'>, id: string): Promise<ReviewFields> {
  const [exact] = await reader.query<ReviewFields>(`${REVIEWS} WHERE v.id = $1`, [id]);
  if (exact) return exact;
  const [oldest] = await reader.query<ReviewFields>(
    `${OPEN_REVIEWS} AND v.plugin_id = $1 ORDER BY v.submitted_at, v.id LIMIT 1`,
    [id],
  );
  if (!oldest) throw new Problem('not_found');
  return oldest;
}
