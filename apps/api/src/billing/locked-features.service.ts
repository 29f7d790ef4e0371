import { Injectable } from '@nestjs/common';
import { featuresOf, lowestTierWith, UNLIMITED, type Features, type Principal, type Tier } from '@adiuva/kernel';
import { Goals } from '@adiuva/automations';
import { OwnProviders } from '@adiuva/providers';
import { Quota } from '@adiuva/quota';
import { SsoSettingsService } from '@adiuva/teams';

export const LOCKABLE_FEATURES = ['batch_active', 'cloud_storage_gb', 'backup_gb', 'providers', 'sso'] as const;

/** A feature of which more is in use than the tier includes. Storage is in bytes. */
export interface LockedFeature {
  readonly feature: (typeof LOCKABLE_FEATURES)[number];
  readonly included: number;
  readonly used: number;
  readonly requiredTier: Tier;
}

interface FeatureUse extends Pick<LockedFeature, 'feature' | 'used'> {
  readonly limit: (features: Features) => number;
}

const BYTES_PER_GB = 1_000_000_000;

/** What a downgrade leaves beyond the tier. Nothing of it is deleted: it can be read and removed, but not extended or started. */
@Injectable()
export class LockedFeatures {
  constructor(
    private readonly goals: Goals,
    private readonly quota: Quota,
    private readonly providers: OwnProviders,
    private readonly sso: SsoSettingsService,
  ) {}

  async of(caller: Principal): Promise<LockedFeature[]> {
    const { records, vectors, backups } = await this.quota.usage(caller);
    const uses: FeatureUse[] = [
      { feature: 'batch_active', used: await this.goals.countActive(caller), limit: ({ batchActive }) => batchActive },
      {
        feature: 'cloud_storage_gb',
        used: records.bytes + vectors.bytes,
        limit: ({ cloudStorageGb }) => inBytes(cloudStorageGb),
      },
      { feature: 'backup_gb', used: backups.bytes, limit: ({ backupGb }) => inBytes(backupGb) },
      { feature: 'providers', used: (await this.providers.list(caller)).length, limit: ({ providers }) => providers },
      { feature: 'sso', used: Number(await this.sso.isSet(caller)), limit: ({ sso }) => Number(sso) },
    ];
    return uses.flatMap((use) => lockOf(caller.tier, use) ?? []);
  }
}

function lockOf(tier: Tier, { feature, used, limit }: FeatureUse): LockedFeature | undefined {
  const fits = (features: Features): boolean => limit(features) === UNLIMITED || limit(features) >= used;
  if (fits(featuresOf(tier))) return undefined;
  return { feature, included: limit(featuresOf(tier)), used, requiredTier: lowestTierWith(fits) };
}

function inBytes(gigabytes: number): number {
  return gigabytes === UNLIMITED ? UNLIMITED : gigabytes * BYTES_PER_GB;
}
