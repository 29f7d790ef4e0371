import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { OwnProvider } from '@adiuva/llm';
import type { ProviderView } from '@adiuva/providers';
import { StringField } from '../edge/body/fields';

/** What may be in a header: visible ASCII. */
const API_KEY = { minLength: 1, maxLength: 1000, pattern: '^[\\x21-\\x7e]{1,1000}$' };
const MODEL = { minLength: 1, maxLength: 200 };
const URL_MAX = 500;

export class PutProviderDto {
  @ApiProperty({ ...API_KEY, description: 'Sealed, never shown again' })
  @Matches(new RegExp(API_KEY.pattern))
  api_key!: string;

  @StringField({
    optional: true,
    format: 'uri',
    maxLength: URL_MAX,
    description:
      'https with a public address, unless `ALLOW_PRIVATE_PROVIDERS` is set; where not given, that of the provider',
  })
  base_url?: string;

  @StringField({ optional: true, ...MODEL, description: 'Where not given, the default model of the provider' })
  model?: string;

  toProvider(name: string): OwnProvider {
    // null is as good as absent.
    return { name, apiKey: this.api_key, baseUrl: this.base_url ?? undefined, model: this.model ?? undefined };
  }
}

export class ProviderDto {
  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true })
  base_url!: string | null;

  @ApiProperty({ type: String, nullable: true })
  model!: string | null;

  @ApiProperty({ description: 'Whether the plan has fewer providers: kept, and not used' })
  locked!: boolean;

  @ApiProperty({ type: 'integer' })
  created_at!: number;

  @ApiProperty({ type: 'integer' })
  updated_at!: number;

  static of({ name, baseUrl, model, locked, createdAt, updatedAt }: ProviderView): ProviderDto {
    return {
      name,
      base_url: baseUrl,
      model,
      locked,
      created_at: createdAt.getTime(),
      updated_at: updatedAt.getTime(),
    };
  }
}
