import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Page } from '@adiuva/kernel';
import { MANIFEST_LIMITS, PERMISSIONS } from '@adiuva/marketplace';
import type { Decision, Payout, ReviewDetails, ReviewSummary } from '@adiuva/marketplace';
import { EnumField, StringField } from '../edge/body/fields';
import { FindingDto } from './authors.dto';
import { periodNamed } from './earnings.dto';
import { PluginManifestDto } from './catalogue.dto';

const DECISIONS = ['approve', 'reject'] as const;
const MAX_NOTES = 4_000;
const MILLISECONDS = 'Milliseconds since 1970';

export class ReviewDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  plugin_id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty()
  author!: string;

  @ApiProperty({ enum: ['pending_review', 'in_review', 'approved', 'rejected', 'yanked'] })
  status!: string;

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  submitted_at!: number;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'The reviewer who reads it now' })
  claimed_by!: string | null;

  static of(review: ReviewSummary): ReviewDto {
    return {
      id: review.id,
      plugin_id: review.pluginId,
      name: review.name,
      version: review.version,
      author: review.author,
      status: review.state,
      submitted_at: review.submittedAt.getTime(),
      claimed_by: review.claimedBy,
    };
  }
}

export class ReviewsDto {
  @ApiProperty({ type: [ReviewDto], description: 'Oldest first' })
  reviews!: ReviewDto[];

  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  static of(queue: Page<ReviewSummary>, page: number): ReviewsDto {
    return { reviews: queue.items.map((review) => ReviewDto.of(review)), total: queue.total, page };
  }
}

export class PermissionDiffDto {
  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  added!: readonly string[];

  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  removed!: readonly string[];
}

export class ReviewDetailsDto extends ReviewDto {
  @ApiProperty({ type: PluginManifestDto })
  manifest!: PluginManifestDto;

  @ApiProperty({ description: 'SHA-256 of the package' })
  checksum!: string;

  @ApiProperty({ type: 'integer' })
  size_bytes!: number;

  @ApiProperty({ type: [FindingDto], description: 'What the package check found' })
  findings!: FindingDto[];

  @ApiProperty({ type: PermissionDiffDto, description: 'Against the served version' })
  permissions!: PermissionDiffDto;

  @ApiProperty({ type: 'string', nullable: true })
  last_version!: string | null;

  @ApiProperty({ format: 'uri', description: 'The package, for five minutes' })
  download_url!: string;

  static override of(review: ReviewDetails): ReviewDetailsDto {
    const { price_cents: priceCents, ...manifest } = review.manifest;
    return {
      ...ReviewDto.of(review),
      manifest: PluginManifestDto.of({ ...manifest, priceCents, id: review.pluginId }),
      checksum: review.checksum,
      size_bytes: review.sizeBytes,
      findings: review.findings.map((finding) => FindingDto.of(finding)),
      permissions: review.permissions,
      last_version: review.lastVersion,
      download_url: review.downloadUrl,
    };
  }
}

export class DecisionDto {
  @EnumField(DECISIONS)
  decision!: Decision['decision'];

  @StringField({
    optional: true,
    nullable: true,
    maxLength: MAX_NOTES,
    description: 'The author reads it; required to reject',
  })
  notes?: string | null;

  toDecision(): Decision {
    return { decision: this.decision, ...(typeof this.notes === 'string' ? { notes: this.notes } : {}) };
  }
}

export class DecidedDto {
  @ApiProperty({ enum: [true] })
  ok!: true;

  @ApiProperty({ enum: ['approved', 'rejected'] })
  status!: 'approved' | 'rejected';
}

export class UnlistDto {
  @StringField({
    optional: true,
    nullable: true,
    maxLength: MANIFEST_LIMITS.version,
    description: 'Yanks this version alone; where it is missing the whole plugin leaves the catalogue',
  })
  version?: string | null;
}

export class PayoutRunDto {
  @ApiProperty({ example: '2026-10', description: 'A month in UTC that has begun' })
  @Matches(/^\d{4}-(?:0[1-9]|1[0-2])$/)
  period!: string;

  toPeriod(): ReturnType<typeof periodNamed> {
    return periodNamed(this.period);
  }
}

export class PayoutDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  developer_id!: string;

  @ApiProperty({ type: 'integer' })
  amount_cents!: number;

  @ApiProperty({ enum: ['pending', 'paid', 'refused'] })
  status!: Payout['state'];
}

export class PayoutsDto {
  @ApiProperty()
  period!: string;

  @ApiProperty({ type: [PayoutDto], description: 'Every transfer of this period, of earlier runs too' })
  payouts!: PayoutDto[];

  static of(period: string, payouts: readonly Payout[]): PayoutsDto {
    return {
      period,
      payouts: payouts.map(({ id, developerId, amountCents, state }) => {
        return { id, developer_id: developerId, amount_cents: amountCents, status: state };
      }),
    };
  }
}
