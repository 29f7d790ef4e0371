import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SketchAlgorithm } from './collection';

/** A sealed vector and, in `sketch` mode, its sketch. A deleted item stays as a tombstone without either. */
@Entity('vector_items')
@Index('vector_items_changes', ['user_id', 'collection', 'position', 'id'])
@Index('vector_items_checksum', ['user_id', 'collection', 'checksum'], { where: 'NOT deleted' })
export class VectorItemRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'vector_items_pk' })
  user_id!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'vector_items_pk' })
  collection!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'vector_items_pk', collation: 'C' })
  id!: string;

  @Column('integer', { default: 1 })
  version!: number;

  /** The ledger's position of the last change: the order of commits. */
  @Column('bigint')
  position!: string;

  @Column('boolean', { default: false })
  deleted!: boolean;

  @Column('integer')
  epoch!: number;

  @Column('bytea', { nullable: true })
  blob!: Buffer | null;

  @Column('bytea', { nullable: true })
  checksum!: Buffer | null;

  @Column('bytea', { nullable: true })
  sketch!: Buffer | null;

  @Column('text', { nullable: true })
  alg!: SketchAlgorithm | null;

  @Column('integer', { nullable: true })
  dim!: number | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
