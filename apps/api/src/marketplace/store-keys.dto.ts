import { ApiProperty } from '@nestjs/swagger';
import type { StoreKey } from '@adiuva/marketplace';

export class StoreKeyDto {
  @ApiProperty()
  key_id!: string;

  @ApiProperty({ enum: ['Ed25519'] })
  algorithm!: 'Ed25519';

  @ApiProperty({ format: 'byte', description: 'The 32 bytes of the public key' })
  public_key!: string;
}

export class StoreKeysDto {
  @ApiProperty({ type: [StoreKeyDto] })
  keys!: StoreKeyDto[];

  static of(keys: readonly StoreKey[]): StoreKeysDto {
    return {
      keys: keys.map(({ id, publicKey }) => {
        return { key_id: id, algorithm: 'Ed25519', public_key: publicKey.toString('base64') };
      }),
    };
  }
}
