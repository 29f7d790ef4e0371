import { ApiProperty } from '@nestjs/swagger';
import { featuresOf, PRICE_CENTS, TIERS, type Features, type Tier } from '@adiuva/kernel';
import { PAID_TIERS, STATUSES, type PaidTier, type SubscriptionSummary } from '@adiuva/billing';
import { EnumField, IntegerField } from '../edge/body/fields';
import { LOCKABLE_FEATURES, type LockedFeature } from './locked-features.service';

const MAX_SEATS = 1_000;
const UNLIMITED_NOTE = '-1 is unlimited';

export class CheckoutDto {
  @EnumField(PAID_TIERS)
  tier!: PaidTier;

  @IntegerField({
    optional: true,
    minimum: 1,
    maximum: MAX_SEATS,
    default: 1,
    description: 'More than 1 only for team',
  })
  seats?: number;
}

export class CheckoutPageDto {
  @ApiProperty({ format: 'uri' })
  checkout_url!: string;
}

export class PortalPageDto {
  @ApiProperty({ format: 'uri' })
  portal_url!: string;
}

export class FeaturesDto {
  @ApiProperty({ type: 'integer', description: UNLIMITED_NOTE })
  agents!: number;

  @ApiProperty({ type: 'integer', description: UNLIMITED_NOTE })
  batch_active!: number;

  @ApiProperty({ type: 'integer', description: `1 GB is 10^9 bytes; ${UNLIMITED_NOTE}` })
  cloud_storage_gb!: number;

  @ApiProperty({ type: 'integer', description: `1 GB is 10^9 bytes; ${UNLIMITED_NOTE}` })
  backup_gb!: number;

  @ApiProperty({ type: 'integer', description: UNLIMITED_NOTE })
  providers!: number;

  @ApiProperty()
  batch_builder!: boolean;

  @ApiProperty()
  plugin_marketplace!: boolean;

  @ApiProperty()
  sso!: boolean;

  static of(features: Features): FeaturesDto {
    return {
      agents: features.agents,
      batch_active: features.batchActive,
      cloud_storage_gb: features.cloudStorageGb,
      backup_gb: features.backupGb,
      providers: features.providers,
      batch_builder: features.batchBuilder,
      plugin_marketplace: features.pluginMarketplace,
      sso: features.sso,
    };
  }
}

export class LockedFeatureDto {
  @ApiProperty({ enum: LOCKABLE_FEATURES })
  feature!: LockedFeature['feature'];

  @ApiProperty({ type: 'integer', description: 'What the tier includes; storage in bytes' })
  included!: number;

  @ApiProperty({ type: 'integer', description: 'What is stored or active; storage in bytes' })
  used!: number;

  @ApiProperty({ enum: TIERS, description: 'The lowest tier that includes what is used' })
  required_tier!: Tier;

  static of({ feature, included, used, requiredTier }: LockedFeature): LockedFeatureDto {
    return { feature, included, used, required_tier: requiredTier };
  }
}

export class SubscriptionDto {
  @ApiProperty({ enum: TIERS, description: 'The tier in force' })
  tier!: Tier;

  @ApiProperty({
    enum: ['none', ...STATUSES],
    description: "Stripe's word for the subscription; `none` where there never was one",
  })
  status!: SubscriptionSummary['status'];

  @ApiProperty({ type: 'integer', minimum: 1 })
  seats!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970' })
  current_period_end!: number | null;

  @ApiProperty()
  cancel_at_period_end!: boolean;

  @ApiProperty({ type: FeaturesDto })
  features!: FeaturesDto;

  @ApiProperty({ type: [LockedFeatureDto], description: 'What exceeds the tier; its data remains' })
  locked!: LockedFeatureDto[];

  static of(summary: SubscriptionSummary, locked: readonly LockedFeature[]): SubscriptionDto {
    return {
      tier: summary.tier,
      status: summary.status,
      seats: summary.seats,
      current_period_end: summary.currentPeriodEnd?.getTime() ?? null,
      cancel_at_period_end: summary.cancelAtPeriodEnd,
      features: FeaturesDto.of(summary.features),
      locked: locked.map((feature) => LockedFeatureDto.of(feature)),
    };
  }
}

export class TierDto {
  @ApiProperty({ enum: TIERS })
  tier!: Tier;

  @ApiProperty({ type: 'integer', description: 'A month, in cents' })
  price_cents!: number;

  @ApiProperty({ enum: ['eur'] })
  currency!: 'eur';

  @ApiProperty({ description: 'Whether the price is for each seat' })
  per_seat!: boolean;

  @ApiProperty({ type: FeaturesDto })
  features!: FeaturesDto;

  static of(tier: Tier): TierDto {
    const features = FeaturesDto.of(featuresOf(tier));
    return { tier, price_cents: PRICE_CENTS[tier], currency: 'eur', per_seat: tier === 'team', features };
  }
}

export class TiersDto {
  @ApiProperty({ type: [TierDto] })
  tiers!: TierDto[];
}
