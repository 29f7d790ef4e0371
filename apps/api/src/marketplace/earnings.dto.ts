import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { invalidField } from '@adiuva/kernel';
import { parsePeriod, periodOf } from '@adiuva/marketplace';
import type { Earnings, Period, PluginEarnings } from '@adiuva/marketplace';

const PERIOD = /^\d{4}-(?:0[1-9]|1[0-2])$/;

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
  throw invalidField('period', 'must be YYYY-MM');
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

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970' })
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
