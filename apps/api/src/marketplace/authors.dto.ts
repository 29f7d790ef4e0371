import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { Problem, type Page } from '@adiuva/kernel';
import { parsePeriod, periodOf } from '@adiuva/marketplace';
import type { Earnings, Finding, OwnPlugin, OwnVersion, Period, PluginEarnings, Submitted } from '@adiuva/marketplace';
import { PluginManifestDto, RatingsDto } from './catalogue.dto';

const PERIOD = /^\d{4}-(?:0[1-9]|1[0-2])$/;
const STATUSES = ['pending_review', 'in_review', 'approved', 'rejected', 'yanked'] as const;
const MILLISECONDS = 'Milliseconds since 1970';

/** A multipart body; read by its own adapter. */
export class SubmissionDto {
  @ApiProperty({
    description:
      'JSON: name, description, version, author, permissions, category, price_cents; an `id` is ignored. At most 64 KiB',
  })
  manifest!: string;

  @ApiProperty({ type: 'string', format: 'binary', description: 'A zip archive, at most PLUGIN_MAX_BYTES (10 MiB)' })
  package!: unknown;

  @ApiPropertyOptional({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the package; 400 `checksum_mismatch`' })
  checksum?: string;
}

export class SubmittedDto {
  @ApiProperty({ format: 'uuid' })
  plugin_id!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty({ enum: ['pending_review'] })
  status!: 'pending_review';

  static of({ pluginId, version }: Submitted): SubmittedDto {
    return { plugin_id: pluginId, version, status: 'pending_review' };
  }
}

export class FindingDto {
  @ApiProperty({ description: 'A stable word, such as `secret` or `runs_code`' })
  rule!: string;

  @ApiProperty({ enum: ['error', 'warning'] })
  severity!: 'error' | 'warning';

  @ApiProperty({ type: 'string', nullable: true, description: 'The file inside the package' })
  file!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  line!: number | null;

  @ApiProperty()
  message!: string;

  static of({ rule, severity, file, line, message }: Finding): FindingDto {
    return { rule, severity, file, line, message };
  }
}

export class OwnVersionDto {
  @ApiProperty()
  version!: string;

  @ApiProperty({ enum: STATUSES })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ type: 'string', nullable: true, description: "The reviewer's words" })
  reason!: string | null;

  @ApiProperty({ type: [FindingDto] })
  findings!: FindingDto[];

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  submitted_at!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: MILLISECONDS })
  decided_at!: number | null;

  static of(version: OwnVersion): OwnVersionDto {
    return {
      version: version.version,
      status: version.state,
      reason: version.notes,
      findings: version.findings.map((finding) => FindingDto.of(finding)),
      submitted_at: version.submittedAt.getTime(),
      decided_at: version.decidedAt?.getTime() ?? null,
    };
  }
}

export class RatingWordsDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  stars!: number;

  @ApiProperty({ type: 'string', nullable: true })
  text!: string | null;

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  rated_at!: number;
}

export class OwnPluginDto extends OmitType(PluginManifestDto, ['version']) {
  @ApiProperty({ type: 'string', nullable: true, description: 'The version that is served' })
  version!: string | null;

  @ApiProperty({ enum: STATUSES, description: 'Of the version submitted last' })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ type: 'string', nullable: true, description: 'What its reviewer said' })
  reason!: string | null;

  @ApiProperty({ enum: ['unpublished', 'listed', 'unlisted'] })
  listing!: OwnPlugin['state'];

  @ApiProperty({ type: 'integer' })
  install_count!: number;

  @ApiProperty({ type: RatingsDto })
  ratings!: RatingsDto;

  @ApiProperty({ type: [RatingWordsDto], description: 'The latest 50' })
  rating_texts!: RatingWordsDto[];

  @ApiProperty({ type: [OwnVersionDto], description: 'Newest first' })
  versions!: OwnVersionDto[];

  static of(plugin: OwnPlugin): OwnPluginDto {
    const [last] = plugin.versions;
    return {
      ...PluginManifestDto.of({ ...plugin, version: '' }),
      version: plugin.version,
      status: last?.state ?? 'pending_review',
      reason: last?.notes ?? null,
      listing: plugin.state,
      install_count: plugin.installCount,
      ratings: { average: plugin.ratingAverage, count: plugin.ratingCount },
      rating_texts: plugin.ratings.map(({ stars, text, ratedAt }) => ({ stars, text, rated_at: ratedAt.getTime() })),
      versions: plugin.versions.map((version) => OwnVersionDto.of(version)),
    };
  }
}

export class OwnPluginsDto {
  @ApiProperty({ type: [OwnPluginDto] })
  plugins!: OwnPluginDto[];

  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  static of(found: Page<OwnPlugin>, page: number): OwnPluginsDto {
    return { plugins: found.items.map((plugin) => OwnPluginDto.of(plugin)), total: found.total, page };
  }
}

export class OnboardingDto {
  @ApiProperty({ format: 'uri', description: 'A page of Stripe, good for a few minutes' })
  onboarding_url!: string;
}

export class PeriodQueryDto {
  @ApiPropertyOptional({ pattern: PERIOD.source, description: 'A month in UTC; where it is missing, the present one' })
  @IsOptional()
  @Matches(PERIOD)
  period?: string;

  toPeriod(): Period {
    return this.period === undefined ? periodOf(new Date()) : periodNamed(this.period);
  }
}

export function periodNamed(name: string): Period {
  const period = parsePeriod(name);
  if (period) return period;
  throw new Problem('validation_failed', { errors: [{ field: 'period', message: 'must be YYYY-MM' }] });
}

class SumsDto {
  @ApiProperty({ type: 'integer', description: 'How many were sold' })
  sales!: number;

  @ApiProperty({ type: 'integer', description: 'What buyers paid' })
  gross_cents!: number;

  @ApiProperty({ type: 'integer', description: 'What went back to them, by refunds and disputes' })
  refunded_cents!: number;

  @ApiProperty({ type: 'integer', description: "The developer's share of both" })
  developer_cents!: number;

  @ApiProperty({ type: 'integer', description: "The platform's share of both" })
  platform_cents!: number;

  protected static sums(sums: Omit<PluginEarnings, 'pluginId' | 'name'>): SumsDto {
    return {
      sales: sums.sales,
      gross_cents: sums.grossCents,
      refunded_cents: sums.refundedCents,
      developer_cents: sums.developerCents,
      platform_cents: sums.platformCents,
    };
  }
}

export class PluginEarningsDto extends SumsDto {
  @ApiProperty({ format: 'uuid' })
  plugin_id!: string;

  @ApiProperty({ type: 'string', nullable: true })
  name!: string | null;

  static of(earnings: PluginEarnings): PluginEarningsDto {
    return { plugin_id: earnings.pluginId, name: earnings.name, ...SumsDto.sums(earnings) };
  }
}

export class OwnPayoutDto {
  @ApiProperty({ type: 'integer' })
  amount_cents!: number;

  @ApiProperty({ enum: ['pending', 'paid', 'refused'] })
  status!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: MILLISECONDS })
  paid_at!: number | null;
}

export class EarningsDto extends SumsDto {
  @ApiProperty({ example: '2026-11' })
  period!: string;

  @ApiProperty({ enum: ['eur'] })
  currency!: 'eur';

  @ApiProperty({ type: 'integer', description: 'Not paid out yet, of all time; may be negative' })
  balance_cents!: number;

  @ApiProperty({ type: OwnPayoutDto, nullable: true, description: 'The transfer of this period' })
  payout!: OwnPayoutDto | null;

  @ApiProperty({ type: [PluginEarningsDto] })
  plugins!: PluginEarningsDto[];

  static of(earnings: Earnings): EarningsDto {
    const { payout } = earnings;
    return {
      period: earnings.period,
      currency: 'eur',
      ...SumsDto.sums(earnings),
      balance_cents: earnings.balanceCents,
      payout: payout && {
        amount_cents: payout.amountCents,
        status: payout.state,
        paid_at: payout.paidAt?.getTime() ?? null,
      },
      plugins: earnings.plugins.map((plugin) => PluginEarningsDto.of(plugin)),
    };
  }
}
