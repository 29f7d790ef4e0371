import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { DeveloperRow } from './developer.entity';
import type { ListingState } from './listing';
import type { Manifest } from './manifest';

/** A plugin as the catalogue shows it: the texts of its served version, and its counters. */
@Entity('plugins')
@Index('plugins_search', { synchronize: false })
@Index('plugins_by_rating', { synchronize: false })
@Index('plugins_by_installs', { synchronize: false })
@Index('plugins_by_newest', { synchronize: false })
@Index('plugins_by_category', { synchronize: false })
@Check('plugins_counters', 'LEAST(install_count, rating_count, rating_sum) >= 0')
export class PluginRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugins_pk' })
  id!: string;

  @Index('plugins_of_developer')
  @Column('uuid')
  @ForeignKey(() => DeveloperRow, { name: 'plugins_developer' })
  developer_id!: string;

  @Column('text')
  state!: ListingState;

  /** The served version; null until one is approved. */
  @Column('text', { nullable: true })
  version!: string | null;

  @Column('text')
  name!: string;

  /** The UTS 39 skeleton of the name, after the rule by which it was computed. */
  @Index('plugins_by_skeleton')
  @Column('text')
  skeleton!: string;

  @Column('text')
  author!: string;

  @Column('text')
  description!: string;

  @Column('text')
  category!: string;

  @Column('jsonb')
  permissions!: Manifest['permissions'];

  @Column('integer')
  price_cents!: number;

  /** Written by a trigger from name, author, category and description. */
  @Column('tsvector', { select: false })
  search!: string;

  @Column('integer', { default: 0 })
  install_count!: number;

  @Column('integer', { default: 0 })
  rating_count!: number;

  @Column('integer', { default: 0 })
  rating_sum!: number;

  @Column('double precision', { default: 0 })
  rating_average!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  published_at!: Date | null;
}
