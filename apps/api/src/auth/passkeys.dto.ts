import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsObject,
  IsOptional,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { invalidField } from '@adiuva/kernel';
import type { Passkey, PasskeyAssertion, PasskeyAttestation } from '@adiuva/auth';
import { EnumField, IntegerField, ObjectField, StringField } from '../edge/body/fields';

const BASE64URL = /^[A-Za-z0-9_-]*$/;
const ID_MAX = 1_400;
const DATA_MAX = 16_384;
const NAME = { minLength: 1, maxLength: 100 };
const ATTACHMENTS = ['platform', 'cross-platform'] as const;

class AttestationDto {
  @ApiProperty({ maxLength: DATA_MAX })
  @Matches(BASE64URL)
  @MaxLength(DATA_MAX)
  clientDataJSON!: string;

  @ApiProperty({ maxLength: DATA_MAX })
  @Matches(BASE64URL)
  @MaxLength(DATA_MAX)
  attestationObject!: string;

  @ApiPropertyOptional({ maxLength: DATA_MAX })
  @IsOptional()
  @Matches(BASE64URL)
  @MaxLength(DATA_MAX)
  authenticatorData?: string;

  @ApiPropertyOptional({ type: [String], maxItems: 10, items: { type: 'string', maxLength: 32, pattern: '^[a-z-]+$' } })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[a-z-]{1,32}$/, { each: true })
  transports?: string[];

  @IntegerField({ optional: true })
  publicKeyAlgorithm?: number;

  @ApiPropertyOptional({ maxLength: DATA_MAX })
  @IsOptional()
  @Matches(BASE64URL)
  @MaxLength(DATA_MAX)
  publicKey?: string;
}

class AssertionDto {
  @ApiProperty({ maxLength: DATA_MAX })
  @Matches(BASE64URL)
  @MaxLength(DATA_MAX)
  clientDataJSON!: string;

  @ApiProperty({ maxLength: DATA_MAX })
  @Matches(BASE64URL)
  @MaxLength(DATA_MAX)
  authenticatorData!: string;

  @ApiProperty({ maxLength: DATA_MAX })
  @Matches(BASE64URL)
  @MaxLength(DATA_MAX)
  signature!: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 128 })
  @IsOptional()
  @Matches(BASE64URL)
  @MaxLength(128)
  userHandle?: string | null;
}

class PublicKeyCredentialDto {
  @ApiProperty({ minLength: 1, maxLength: ID_MAX })
  @Matches(BASE64URL)
  @Length(1, ID_MAX)
  id!: string;

  @ApiProperty({ minLength: 1, maxLength: ID_MAX })
  @Matches(BASE64URL)
  @Length(1, ID_MAX)
  rawId!: string;

  @EnumField(['public-key'])
  type!: 'public-key';

  @EnumField(ATTACHMENTS, { optional: true, nullable: true })
  authenticatorAttachment?: (typeof ATTACHMENTS)[number] | null;

  @ObjectField({ description: 'Without the results of `prf`: they unwrap keys, and must stay on the client' })
  clientExtensionResults!: Record<string, unknown>;

  /** @throws Problem `validation_failed` when the client has sent key material */
  protected assertNoSecrets(): void {
    const { prf } = this.clientExtensionResults;
    if (typeof prf !== 'object' || prf === null || !('results' in prf)) return;
    const message = 'prf results must not be sent: they unwrap keys';
    throw invalidField('clientExtensionResults.prf.results', message);
  }
}

export class RegisterPasskeyDto extends PublicKeyCredentialDto {
  @ApiProperty({ type: AttestationDto })
  @ValidateNested()
  @IsObject()
  @Type(() => AttestationDto)
  response!: AttestationDto;

  @StringField({ optional: true, ...NAME, description: 'What the user calls it' })
  name?: string;

  toAttestation(): PasskeyAttestation {
    this.assertNoSecrets();
    const { id, rawId, type, response } = this;
    return { id, rawId, type, response: { ...response }, clientExtensionResults: {} };
  }
}

export class PasskeyLoginDto extends PublicKeyCredentialDto {
  @ApiProperty({ type: AssertionDto })
  @ValidateNested()
  @IsObject()
  @Type(() => AssertionDto)
  response!: AssertionDto;

  toAssertion(): PasskeyAssertion {
    this.assertNoSecrets();
    const { id, rawId, type } = this;
    const { userHandle, ...response } = this.response;
    return {
      id,
      rawId,
      type,
      response: { ...response, ...(typeof userHandle === 'string' ? { userHandle } : {}) },
      clientExtensionResults: {},
    };
  }
}

export class PasskeyDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'Whether it is synchronised between devices' })
  backed_up!: boolean;

  @ApiProperty({ type: 'integer' })
  created_at!: number;

  @ApiProperty({ type: 'integer', nullable: true })
  last_used_at!: number | null;

  static of({ id, name, backedUp, createdAt, lastUsedAt }: Passkey): PasskeyDto {
    return {
      id,
      name,
      backed_up: backedUp,
      created_at: createdAt.getTime(),
      last_used_at: lastUsedAt?.getTime() ?? null,
    };
  }
}
