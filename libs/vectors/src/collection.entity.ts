import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CollectionMode, SketchForm } from './collection';

/** Settings of a user's collection of vectors, and how far its index has followed. Operational, but for `wrapped_keys`, which is opaque. */
@Entity('vector_collections')
export class VectorCollectionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'vector_collections_pk' })
  user_id!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'vector_collections_pk' })
  name!: string;

  @Column('text')
  mode!: CollectionMode;

  @Column('integer')
  epoch!: number;

  @Column('jsonb', { nullable: true })
  form!: SketchForm | null;

  @Column('integer', { nullable: true })
  previous_epoch!: number | null;

  @Column('jsonb', { nullable: true })
  previous_form!: SketchForm | null;

  @Column('text', { nullable: true })
  wrapped_keys!: string | null;

  /** Deletions up to here have left the change feed. */
  @Column('bigint', { default: 0 })
  purged_position!: string;

  /** An index outside the database knows all changes up to here. */
  @Column('bigint', { default: 0 })
  indexed_position!: string;

  @Column('timestamptz', { nullable: true })
  index_lease_until!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;

  /** Set while the name is free again; the row stays so that the change feed continues where it was. */
  @Column('timestamptz', { nullable: true })
  deleted_at!: Date | null;
}
