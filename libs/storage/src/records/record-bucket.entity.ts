import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many records of 256 adjacent ordinals are not deleted: counts a list and finds any of its pages without a scan. */
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
