import { featuresOf, lowestTierWith, Problem, UNLIMITED, type Features, type Tier } from '@adiuva/kernel';

/** What is counted. Records, vectors and files of projects share the cloud storage of a tier; backups have their own. */
export type StoredKind = 'records' | 'vectors' | 'files' | 'backups';

const BYTES_PER_GB = 1_000_000_000;

/** Bytes that a tier allows for a kind; null when there is no limit. */
export function limitOf(tier: Tier, kind: StoredKind): number | null {
  const gigabytes = gigabytesOf(kind)(featuresOf(tier));
  return gigabytes === UNLIMITED ? null : gigabytes * BYTES_PER_GB;
}

/** The refusal of a tier that has none of a kind. */
export function upgradeRequired(kind: StoredKind): Problem {
  return new Problem('upgrade_required', {
    members: { required_tier: lowestTierWith((features) => gigabytesOf(kind)(features) !== 0) },
  });
}

/** The refusal where the account was erased after the request was authenticated. */
export function accountErased(): Problem {
  return new Problem('unauthenticated', { detail: 'This account is erased' });
}

/** The refusal where the capacity of a tier is used up. */
export function quotaExceeded(limitBytes: number, usedBytes: number): Problem {
  return new Problem('quota_exceeded', { members: { limit_bytes: limitBytes, used_bytes: usedBytes } });
}

function gigabytesOf(kind: StoredKind): (features: Features) => number {
  return kind === 'backups' ? (features) => features.backupGb : (features) => features.cloudStorageGb;
}
