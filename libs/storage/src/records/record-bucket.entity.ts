import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many records of 256 neighbouring ordinals still live: what counts a list, and finds its hundredth page, without walking it. */
@Entity('record_buckets')
export class RecordBucketRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'record_buckets_pk' })
  user_id!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'record_buckets_pk' })
  table_name!: string;

  /** Ordinal divided by 256. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'record_buckets_pk' })
  bucket!: string;

  @Column('integer')
  live!: number;
}
