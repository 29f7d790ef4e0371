import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsEmail, IsObject, IsString, Length, Matches, ValidateIf, ValidateNested } from 'class-validator';
import { CHANNEL_KINDS, PHONE, type Channel, type ChannelKind, type NewChannel } from '@adiuva/notifications';
import { BooleanField, EMAIL_MAX, EnumField, IntegerField, StringField, TIME } from '../edge/body/fields';

const ENDPOINT_MAX = 2048;
const LABEL_MAX = 100;
const KEY = /^[A-Za-z0-9_-]+={0,2}$/;
const CODE = /^\d{4,10}$/;

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
  @StringField({ minLength: 1, maxLength: ENDPOINT_MAX, description: 'https, at a public address' })
  endpoint!: string;

  @IntegerField({ optional: true, format: 'int64', nullable: true })
  expirationTime?: number | null;

  @ApiProperty({ type: PushKeysDto })
  @IsObject()
  @ValidateNested()
  @Type(() => PushKeysDto)
  keys!: PushKeysDto;
}

export class NewChannelDto {
  @EnumField(CHANNEL_KINDS)
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

  @StringField({
    optional: true,
    format: 'email',
    maxLength: EMAIL_MAX,
    description: 'For email; the address of the account where it is left out',
  })
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
  @StringField({ optional: true, nullable: true, maxLength: LABEL_MAX })
  label?: string | null;

  @BooleanField({ optional: true, description: 'Whether title and body may be sent through this channel' })
  include_content?: boolean;
}

export class VerifyChannelDto {
  @StringField({ pattern: CODE })
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
