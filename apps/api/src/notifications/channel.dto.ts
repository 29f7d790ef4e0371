import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { CHANNEL_KINDS, PHONE, type Channel, type ChannelKind, type NewChannel } from '@adiuva/notifications';

const ENDPOINT_MAX = 2048;
const EMAIL_MAX = 254;
const LABEL_MAX = 100;
const KEY = /^[A-Za-z0-9_-]+={0,2}$/;
const CODE = /^\d{4,10}$/;
const TIME = { type: 'integer', format: 'int64', description: 'Milliseconds since the Unix epoch' } as const;

export class PushKeysDto {
  @ApiProperty({ pattern: KEY.source, maxLength: 200, description: 'P-256 point, base64url' })
  @IsString()
  @Length(1, 200)
  @Matches(KEY)
  p256dh!: string;

  @ApiProperty({ pattern: KEY.source, maxLength: 100, description: '16 bytes, base64url' })
  @IsString()
  @Length(1, 100)
  @Matches(KEY)
  auth!: string;
}

/** `PushSubscription.toJSON()` of a browser. */
export class PushSubscriptionDto {
  @ApiProperty({ minLength: 1, maxLength: ENDPOINT_MAX, description: 'https, at a public address' })
  @IsString()
  @Length(1, ENDPOINT_MAX)
  endpoint!: string;

  @ApiPropertyOptional({ type: 'integer', format: 'int64', nullable: true })
  @IsOptional()
  @IsInt()
  expirationTime?: number | null;

  @ApiProperty({ type: PushKeysDto })
  @IsObject()
  @ValidateNested()
  @Type(() => PushKeysDto)
  keys!: PushKeysDto;
}

export class NewChannelDto {
  @ApiProperty({ enum: CHANNEL_KINDS })
  @IsIn(CHANNEL_KINDS)
  kind!: ChannelKind;

  @ApiPropertyOptional({ type: PushSubscriptionDto, description: 'Needed for web_push' })
  @ValidateIf(({ kind, subscription }: NewChannelDto) => kind === 'web_push' || subscription !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => PushSubscriptionDto)
  subscription?: PushSubscriptionDto;

  @ApiPropertyOptional({ pattern: PHONE.source, description: 'E.164; needed for whatsapp and voice' })
  @ValidateIf(({ kind, phone }: NewChannelDto) => kind === 'whatsapp' || kind === 'voice' || phone !== undefined)
  @IsString()
  @Matches(PHONE)
  phone?: string;

  @ApiPropertyOptional({
    format: 'email',
    maxLength: EMAIL_MAX,
    description: 'For email; the address of the account where it is left out',
  })
  @IsOptional()
  @IsString()
  @MaxLength(EMAIL_MAX)
  @IsEmail()
  address?: string;

  toChannel(): NewChannel {
    const { kind, subscription, phone = '', address } = this;
    if (kind === 'email') return { kind, email: address };
    if (kind !== 'web_push') return { kind, phone };
    const { endpoint = '', keys } = subscription ?? {};
    return { kind, subscription: { endpoint, keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } } };
  }
}

export class ChangeChannelDto {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LABEL_MAX })
  @IsOptional()
  @IsString()
  @MaxLength(LABEL_MAX)
  label?: string | null;

  @ApiPropertyOptional({ description: 'Whether title and body may be sent through this channel' })
  @IsOptional()
  @IsBoolean()
  include_content?: boolean;
}

export class VerifyChannelDto {
  @ApiProperty({ pattern: CODE.source })
  @IsString()
  @Matches(CODE)
  code!: string;
}

export class VerifiedChannelDto {
  @ApiProperty({ enum: ['active'] })
  status!: 'active';
}

export class ChannelDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: CHANNEL_KINDS })
  kind!: ChannelKind;

  @ApiProperty({ enum: ['active', 'pending'] })
  status!: 'active' | 'pending';

  @ApiProperty({ type: String, nullable: true })
  label!: string | null;

  @ApiProperty()
  include_content!: boolean;

  @ApiProperty(TIME)
  created_at!: number;

  static of({ id, kind, status, label, includeContent, createdAt }: Channel): ChannelDto {
    return { id, kind, status, label, include_content: includeContent, created_at: createdAt.getTime() };
  }
}

export class ChannelsDto {
  @ApiProperty({ type: [ChannelDto] })
  channels!: ChannelDto[];

  static of(channels: readonly Channel[]): ChannelsDto {
    return { channels: channels.map((channel) => ChannelDto.of(channel)) };
  }
}

export class VapidKeyDto {
  @ApiProperty({ description: 'base64url; the `applicationServerKey` of `PushManager.subscribe`' })
  public_key!: string;
}
