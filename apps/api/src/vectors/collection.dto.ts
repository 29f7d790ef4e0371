import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Allow } from 'class-validator';
import { invalidField, Problem } from '@adiuva/kernel';
import {
  COLLECTION_MODES,
  COLLECTION_NAME,
  MAX_BETA,
  MAX_DIM,
  MAX_EPOCH,
  MODEL_NAME,
  SKETCH_ALGORITHMS,
  type Collection,
  type CollectionMode,
  type CollectionSettings,
  type SketchAlgorithm,
  type SketchForm,
} from '@adiuva/vectors';
import { EnumField, IntegerField, StringField } from '../edge/body/fields';

const WRAPPED_KEYS_MAX = 65_536;
const WRAPPED_KEYS = {
  anyOf: [
    { type: 'array', items: {} },
    { type: 'object', additionalProperties: true, nullable: true },
    { type: 'string' },
  ],
  description: `Any JSON of at most ${WRAPPED_KEYS_MAX} characters; opaque to the server`,
};

export class PutCollectionDto {
  @EnumField(COLLECTION_MODES, {
    description:
      '`local`: the server holds sealed blobs only. `sketch`: it also holds sketches that keep distances approximately; show the leakage statement first',
  })
  mode!: CollectionMode;

  @StringField({
    optional: true,
    nullable: true,
    pattern: MODEL_NAME,
    description: 'Name of the embedding model; needed in `sketch` mode',
  })
  model?: string | null;

  @IntegerField({ optional: true, minimum: 1, maximum: MAX_DIM, description: 'Needed in `sketch` mode' })
  dim?: number | null;

  @EnumField(SKETCH_ALGORITHMS, { optional: true, description: 'Needed in `sketch` mode' })
  alg?: SketchAlgorithm | null;

  @IntegerField({
    optional: true,
    minimum: 0,
    maximum: MAX_BETA,
    description: 'Blur in thousandths; needed in `sketch` mode',
  })
  beta?: number | null;

  @IntegerField({
    optional: true,
    minimum: 0,
    maximum: MAX_EPOCH,
    default: 1,
    description: 'Rises with every change of keys or model',
  })
  epoch?: number | null;

  @ApiPropertyOptional(WRAPPED_KEYS)
  // As it came: what copies an object member by member leaves out those that are named like methods.
  @Transform(({ obj }: { obj: { wrapped_keys?: unknown } }) => obj.wrapped_keys)
  @Allow()
  wrapped_keys?: unknown;

  /** @throws Problem `validation_failed` */
  toSettings(): CollectionSettings {
    return { mode: this.mode, epoch: this.epoch ?? 1, form: this.form(), wrappedKeys: jsonOf(this.wrapped_keys) };
  }

  private form(): SketchForm | null {
    const { model = null, dim = null, alg = null, beta = null } = this;
    if (model !== null && dim !== null && alg !== null && beta !== null) return { model, dim, alg, beta };
    if (this.mode === 'local') return null;
    const missing = Object.entries({ model, dim, alg, beta }).filter(([, value]) => value === null);
    throw new Problem('validation_failed', {
      errors: missing.map(([field]) => ({ field, message: `${field} is needed in sketch mode` })),
    });
  }
}

export class CollectionDto {
  @ApiProperty({ pattern: COLLECTION_NAME.source })
  name!: string;

  @ApiProperty({ enum: COLLECTION_MODES })
  mode!: CollectionMode;

  @ApiProperty({ type: String, nullable: true })
  model!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  dim!: number | null;

  @ApiProperty({ enum: SKETCH_ALGORITHMS, nullable: true })
  alg!: SketchAlgorithm | null;

  @ApiProperty({ type: 'integer', nullable: true })
  beta!: number | null;

  @ApiProperty({ type: 'integer' })
  epoch!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The epoch before, whose sketches are still searched' })
  previous_epoch!: number | null;

  @ApiProperty(WRAPPED_KEYS)
  wrapped_keys!: unknown;

  @ApiProperty({ type: 'integer', description: 'In milliseconds since 1970' })
  created_at!: number;

  @ApiProperty({ type: 'integer', description: 'In milliseconds since 1970' })
  updated_at!: number;

  static of(collection: Collection): CollectionDto {
    const { name, mode, form, epoch, previousEpoch, wrappedKeys, createdAt, updatedAt } = collection;
    return {
      ...{
        name,
        mode,
        model: form?.model ?? null,
        dim: form?.dim ?? null,
        alg: form?.alg ?? null,
        beta: form?.beta ?? null,
      },
      ...{ epoch, previous_epoch: previousEpoch },
      wrapped_keys: wrappedKeys === null ? null : JSON.parse(wrappedKeys),
      ...{ created_at: createdAt.getTime(), updated_at: updatedAt.getTime() },
    };
  }
}

function jsonOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const json = JSON.stringify(value);
  if (json.length <= WRAPPED_KEYS_MAX) return json;
  throw invalidField('wrapped_keys', `wrapped_keys must be at most ${WRAPPED_KEYS_MAX} characters of JSON`);
}
