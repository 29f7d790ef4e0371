import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Matches } from 'class-validator';
import { CHECKSUM, invalidField } from '@adiuva/kernel';
import { CURSOR_PATTERN, MAX_CURSOR_LENGTH } from '@adiuva/quota';
import {
  COLLECTION_NAME,
  DEFAULT_COLLECTION,
  ITEM_ID,
  MAX_BLOB_BYTES,
  MAX_DIM,
  MAX_EPOCH,
  type VectorChange,
  type VectorChanges,
  type VectorHit,
  type VectorQuery,
} from '@adiuva/vectors';
import { IntegerField, ListField, StringField } from '../edge/body/fields';
import { base64Length, bytesOf } from '../edge/body/base64';

const MAX_RESULTS = 200;
const DEFAULT_RESULTS = 10;
const MAX_EPOCHS = 2;
const MAX_CHANGES = 1_000;
const DEFAULT_CHANGES = 100;

export class QuerySketchDto {
  @IntegerField({ minimum: 0, maximum: MAX_EPOCH })
  epoch!: number;

  @StringField({
    format: 'byte',
    maxLength: base64Length(2 * MAX_DIM),
    description: 'In the form of the collection’s sketches of that epoch',
  })
  data!: string;
}

export class SearchVectorsDto {
  @StringField({
    optional: true,
    nullable: true,
    format: 'byte',
    maxLength: base64Length(MAX_BLOB_BYTES),
    description: 'Finds items of the default collection with exactly these bytes',
  })
  query_blob?: string | null;

  @ListField(QuerySketchDto, {
    optional: true,
    maxItems: MAX_EPOCHS,
    description: 'One for each epoch that is searched',
  })
  sketches?: QuerySketchDto[] | null;

  @IntegerField({ required: false, minimum: 1, maximum: MAX_RESULTS, default: DEFAULT_RESULTS })
  top_k: number = DEFAULT_RESULTS;

  @StringField({ optional: true, nullable: true, pattern: COLLECTION_NAME, default: DEFAULT_COLLECTION })
  collection?: string | null;

  /** @throws Problem `validation_failed` */
  toQuery(): VectorQuery {
    const sketches = (this.sketches ?? []).map(({ epoch, data }, i) => ({
      epoch,
      data: bytesOf(`sketches.${i}.data`, data),
    }));
    const blob =
      this.query_blob === undefined || this.query_blob === null ? null : bytesOf('query_blob', this.query_blob);
    if (blob === null && sketches.length === 0) {
      throw invalidField('sketches', 'query_blob or sketches is needed');
    }
    return { collection: this.collection ?? DEFAULT_COLLECTION, blob, sketches, topK: this.top_k };
  }
}

export class VectorHitDto {
  @ApiProperty({ pattern: ITEM_ID.source })
  id!: string;

  @ApiProperty({ type: 'number', description: 'Cosine of the sketches, -1 to 1; 1 for identical bytes' })
  score!: number;

  @ApiProperty({ format: 'byte' })
  blob!: string;

  @ApiProperty({ type: 'integer', description: 'Of the keys that sealed the blob' })
  epoch!: number;
}

export class VectorHitsDto {
  @ApiProperty({ type: [VectorHitDto], description: 'Best first' })
  results!: VectorHitDto[];

  static of(hits: readonly VectorHit[]): VectorHitsDto {
    return { results: hits.map(({ id, score, blob, epoch }) => ({ id, score, blob: blob.toString('base64'), epoch })) };
  }
}

export class ReadVectorChangesDto {
  @StringField({ optional: true, default: DEFAULT_COLLECTION, pattern: COLLECTION_NAME })
  collection?: string;

  @StringField({
    optional: true,
    maxLength: MAX_CURSOR_LENGTH,
    description: 'The `cursor` of the last answer; left out, from the beginning',
  })
  @Matches(CURSOR_PATTERN)
  cursor?: string;

  @IntegerField({ required: false, minimum: 1, maximum: MAX_CHANGES, default: DEFAULT_CHANGES })
  @Type(() => Number)
  limit: number = DEFAULT_CHANGES;
}

export class VectorChangeDto {
  @ApiProperty({ pattern: ITEM_ID.source })
  id!: string;

  @ApiProperty({ pattern: COLLECTION_NAME.source })
  collection!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty({ pattern: CHECKSUM.source, nullable: true, type: String, description: 'Null for a deletion' })
  checksum!: string | null;

  @ApiProperty({ format: 'byte', nullable: true, type: String, description: 'Null for a deletion' })
  blob!: string | null;

  @ApiProperty({ type: 'integer', description: 'Of the keys that sealed the blob' })
  epoch!: number;

  @ApiProperty()
  deleted!: boolean;

  @ApiProperty({ type: 'integer', description: 'In milliseconds since 1970' })
  updated_at!: number;

  static of(collection: string, change: VectorChange): VectorChangeDto {
    const { id, version, checksum, blob, epoch, deleted, updatedAt } = change;
    return {
      ...{ id, collection, version, epoch, deleted, updated_at: updatedAt.getTime() },
      checksum: checksum?.toString('hex') ?? null,
      blob: blob?.toString('base64') ?? null,
    };
  }
}

export class VectorChangesDto {
  @ApiProperty({
    type: [VectorChangeDto],
    description: 'Every item that has changed, as it is now, in the order of the last changes',
  })
  changes!: VectorChangeDto[];

  @ApiProperty({ description: 'For the next request' })
  cursor!: string;

  @ApiProperty({ description: 'Whether there is more now' })
  has_more!: boolean;

  static of(collection: string, page: VectorChanges): VectorChangesDto {
    const changes = page.changes.map((change) => VectorChangeDto.of(collection, change));
    return { changes, cursor: page.cursor, has_more: page.hasMore };
  }
}
