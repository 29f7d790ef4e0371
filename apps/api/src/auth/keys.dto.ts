import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import type { Device, KeyringUpdate, LoginDerivation, NewDevice, StoredKeyring } from '@adiuva/auth';
import { EmailField, StringField } from '../edge/body/fields';
import { base64Length, bytesOf } from '../edge/body/base64';
import { keyringBytes, RECOVERY_KEY, recoveryKeyOf } from './recovery-fields';

const KEYRING_BYTES = 65_536;
const KEY_BYTES = { min: 32, max: 1_024 };
const SIGNATURE_BYTES = 512;
const NAME_MAX = 100;

export class PreLoginQuery {
  @EmailField()
  email!: string;
}

export class KdfDto {
  @ApiProperty({ enum: ['argon2id'] })
  alg!: 'argon2id';

  @ApiProperty({ type: 'integer', description: 'Memory in KiB' })
  m!: number;

  @ApiProperty({ type: 'integer', description: 'Passes' })
  t!: number;

  @ApiProperty({ type: 'integer', description: 'Lanes' })
  p!: number;
}

export class PreLoginDto {
  @ApiProperty({
    format: 'byte',
    description: '16 bytes; the same for an address every time, whether or not it has an account',
  })
  salt!: string;

  @ApiProperty({
    enum: ['derived', 'plain'],
    description:
      'Whether the password of the account is a secret that a client derived or the password itself; made up for an address without an account',
  })
  kind!: 'derived' | 'plain';

  @ApiProperty({ type: KdfDto })
  kdf!: KdfDto;

  static of({ salt, kind, kdf }: LoginDerivation): PreLoginDto {
    return { salt: salt.toString('base64'), kind, kdf: { ...kdf } };
  }
}

export class PutKeyringDto {
  @ApiProperty({
    format: 'byte',
    description: `The client's wrapped keys, opaque to the server: 1 to ${KEYRING_BYTES} bytes`,
  })
  @IsString()
  @MinLength(4)
  @MaxLength(4 * Math.ceil(KEYRING_BYTES / 3))
  keyring!: string;

  @StringField({
    optional: true,
    ...RECOVERY_KEY,
    description:
      'Ed25519, 32 bytes: the public half of the key pair that the recovery words give. Needs `password`, but for the first keyring within 15 minutes of a sign-up without one',
  })
  recovery_key?: string;

  @StringField({ optional: true, minLength: 1, maxLength: 256, description: 'Confirms a change of the recovery key' })
  password?: string;

  toUpdate(): KeyringUpdate {
    const recoveryKey = recoveryKeyOf(this.recovery_key);
    return { keyring: keyringBytes(this.keyring), recoveryKey, password: this.password ?? undefined };
  }
}

export class KeyringDto {
  @ApiProperty({ format: 'byte' })
  keyring!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Also the entity tag' })
  version!: number;

  static of({ keyring, version }: StoredKeyring): KeyringDto {
    return { keyring: keyring.toString('base64'), version };
  }
}

export class NewDeviceDto {
  @StringField({ minLength: 1, maxLength: NAME_MAX })
  name!: string;

  @ApiProperty({
    format: 'byte',
    description: `${KEY_BYTES.min} to ${KEY_BYTES.max} bytes; our client sends 32 of X25519`,
  })
  @IsString()
  @MaxLength(base64Length(KEY_BYTES.max))
  public_key!: string;

  @ApiPropertyOptional({
    format: 'byte',
    description: `Of the account's identity over the key: 1 to ${SIGNATURE_BYTES} bytes; checked by clients`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(base64Length(SIGNATURE_BYTES))
  signature?: string;

  toDevice(): NewDevice {
    return {
      name: this.name,
      publicKey: bytesOf('public_key', this.public_key, KEY_BYTES.min, KEY_BYTES.max),
      signature: typeof this.signature === 'string' ? bytesOf('signature', this.signature, 1, SIGNATURE_BYTES) : null,
    };
  }
}

export class DeviceDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'byte' })
  public_key!: string;

  @ApiProperty({ format: 'byte', nullable: true, type: String })
  signature!: string | null;

  @ApiProperty({ type: 'integer', description: 'In milliseconds since 1970' })
  created_at!: number;

  static of({ id, name, publicKey, signature, createdAt }: Device): DeviceDto {
    return {
      id,
      name,
      public_key: publicKey.toString('base64'),
      signature: signature?.toString('base64') ?? null,
      created_at: createdAt.getTime(),
    };
  }
}
