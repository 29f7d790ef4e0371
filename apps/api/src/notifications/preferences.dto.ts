import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { MAIL_LANGUAGES, type MailLanguage } from '@adiuva/mail';
import {
  CHANNEL_KINDS,
  DIGESTS,
  type ChannelKind,
  type Digest,
  type PolicyStep,
  type Preferences,
  type QuietHours,
} from '@adiuva/notifications';
import { EnumField, IntegerField, ListField, StringField } from '../edge/body/fields';

const CLOCK_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const TIMEZONE_MAX = 64;
export const POLICY_MAX = 10;
const MAX_AFTER_S = 86_400;
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];

export class PolicyStepDto {
  @EnumField(CHANNEL_KINDS)
  channel!: ChannelKind;

  @IntegerField({ minimum: 0, maximum: MAX_AFTER_S, description: 'Seconds after the start' })
  after_s!: number;

  static toPolicy(steps: readonly PolicyStepDto[]): PolicyStep[] {
    return steps.map(({ channel, after_s: afterS }) => ({ channel, afterS }));
  }
}

export class QuietHoursDto {
  @StringField({ pattern: CLOCK_TIME, example: '22:00' })
  from!: string;

  @StringField({ pattern: CLOCK_TIME, example: '07:00', description: 'On the next day where it is earlier' })
  to!: string;

  @ApiPropertyOptional({
    type: [Number],
    minItems: 1,
    maxItems: 7,
    description: 'Days on which the hours begin: 1 for Monday to 7 for Sunday; every day where it is left out',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(7, { each: true })
  days?: number[];

  toQuietHours(): QuietHours {
    return { from: minutesOf(this.from), to: minutesOf(this.to), days: this.days ?? ALL_DAYS };
  }
}

export class PreferencesDto {
  @StringField({ minLength: 1, maxLength: TIMEZONE_MAX, description: 'IANA name' })
  timezone!: string;

  @ApiProperty({
    type: QuietHoursDto,
    nullable: true,
    description: 'They delay everything below `critical` to their end',
  })
  @ValidateIf(({ quiet_hours }: PreferencesDto) => quiet_hours !== null)
  @IsObject()
  @ValidateNested()
  @Type(() => QuietHoursDto)
  quiet_hours!: QuietHoursDto | null;

  @ListField(PolicyStepDto, { maxItems: POLICY_MAX })
  policy!: PolicyStepDto[];

  @EnumField(DIGESTS, { description: 'Joins notifications of low urgency' })
  digest!: Digest;

  @EnumField(MAIL_LANGUAGES, { optional: true, default: 'en', description: 'Of calls, messages and mails' })
  language?: MailLanguage;

  toPreferences(): Preferences {
    return {
      timezone: this.timezone,
      quietHours: this.quiet_hours?.toQuietHours() ?? null,
      policy: PolicyStepDto.toPolicy(this.policy),
      digest: this.digest,
      language: this.language ?? 'en',
    };
  }
}

/** What the user has set, or the defaults. */
export function preferencesView({ timezone, quietHours, policy, digest, language }: Preferences) {
  return {
    timezone,
    quiet_hours: quietHours && {
      from: clockOf(quietHours.from),
      to: clockOf(quietHours.to),
      days: [...quietHours.days],
    },
    policy: policy.map(({ channel, afterS }) => ({ channel, after_s: afterS })),
    digest,
    language,
  };
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

function clockOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
