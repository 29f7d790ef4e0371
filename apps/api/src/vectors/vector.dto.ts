import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';
import { CHECKSUM } from '@adiuva/kernel';
import {
  COLLECTION_NAME,
  DEFAULT_COLLECTION,
  ITEM_ID,
  MAX_BETA,
  MAX_BLOB_BYTES,
  MAX_DIM,
  MAX_EPOCH,
  MODEL_NAME,
  SKETCH_ALGORITHMS,
  type NewSketch,
  type NewVector,
  type SketchAlgorithm,
} from '@adiuva/vectors';
import { EnumField, IntegerField, ListField, StringField } from '../edge/body/fields';
import { base64Length, bytesOf } from '../edge/body/base64';

const MAX_ITEMS = 1_000;
/** A batch of 1,000 blobs of 16 KB with sketches of 1,536 numbers; larger blobs come in smaller batches. */
export const UPSERT_MAX_BYTES = 32 * 1024 * 1024;
const EPOCH = { type: 'integer', minimum: 0, maximum: MAX_EPOCH } as const;

export class SketchDto {
  @EnumField([1])
  v!: 1;

  @EnumField(SKETCH_ALGORITHMS)
  alg!: SketchAlgorithm;

  @IntegerField(EPOCH)
  epoch!: number;

  @StringField({ pattern: MODEL_NAME })
  model!: string;

  @IntegerField({ minimum: 1, maximum: MAX_DIM })
  dim!: number;

  @IntegerField({ minimum: 0, maximum: MAX_BETA, description: 'In thousandths' })
  beta!: number;

  @StringField({
    format: 'byte',
    maxLength: base64Length(2 * MAX_DIM),
    description: 'Half-precision numbers, little-endian; or bits, most significant first',
  })
  data!: string;

  toSketch(field: string): NewSketch {
    const { alg, epoch, model, dim, beta } = this;
    return { alg, epoch, model, dim, beta, data: bytesOf(field, this.data) };
  }
}

export class VectorItemDto {
  @StringField({ pattern: ITEM_ID })
  id!: string;

  @StringField({
    format: 'byte',
    maxLength: base64Length(MAX_BLOB_BYTES),
    description: `The sealed vector and its metadata: at most ${MAX_BLOB_BYTES} bytes`,
  })
  blob!: string;

  @StringField({ pattern: CHECKSUM, description: 'SHA-256 of the blob’s bytes' })
  checksum!: string;

  @ApiPropertyOptional({ type: SketchDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SketchDto)
  sketch?: SketchDto | null;

  @IntegerField({
    optional: true,
    ...EPOCH,
    nullable: true,
    description: 'Of the keys that sealed the blob; the collection’s when left out',
  })
  epoch?: number | null;

  @StringField({ optional: true, nullable: true, pattern: COLLECTION_NAME, default: DEFAULT_COLLECTION })
  collection?: string | null;

  toVector(index: number): NewVector {
    return {
      collection: this.collection ?? DEFAULT_COLLECTION,
      id: this.id,
      blob: bytesOf(`vectors.${index}.blob`, this.blob),
      checksum: Buffer.from(this.checksum, 'hex'),
      epoch: this.epoch ?? null,
      sketch: this.sketch?.toSketch(`vectors.${index}.sketch.data`) ?? null,
    };
  }
}

export class UpsertVectorsDto {
  @ListField(VectorItemDto, { minItems: 1, maxItems: MAX_ITEMS })
  vectors!: VectorItemDto[];

  toVectors(): NewVector[] {
    return this.vectors.map((item, index) => item.toVector(index));
  }
}

export class UpsertedDto {
  @ApiProperty({ type: 'integer', description: 'Items stored; of several with one id the last' })
  upserted!: number;
}

export class DeleteVectorsDto {
  @ApiProperty({ type: [String], minItems: 1, maxItems: MAX_ITEMS, pattern: ITEM_ID.source })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ITEMS)
  @IsString({ each: true })
  @Matches(ITEM_ID, { each: true })
  ids!: string[];

  @StringField({ optional: true, nullable: true, pattern: COLLECTION_NAME, default: DEFAULT_COLLECTION })
  collection?: string | null;
}

export class DeletedDto {
  @ApiProperty({ enum: [true] })
  ok!: true;

  @ApiProperty({ type: 'integer', description: 'Items that were there' })
  deleted!: number;

  static of(deleted: number): DeletedDto {
    return { ok: true, deleted };
  }
}
