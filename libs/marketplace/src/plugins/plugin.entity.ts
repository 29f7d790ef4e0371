import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Finding } from './finding';
import type { Manifest } from './manifest';
import type { ListingState } from './listing';
import type { ReviewState } from './review';

/** Somebody who publishes. Outlives his account without naming it, because what he has sold must still be paid. */
@Entity('plugin_developers')
export class DeveloperRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_developers_pk' })
  id!: string;

  @Index('plugin_developers_user', { unique: true })
  @Column('uuid', { nullable: true })
  user_id!: string | null;

  @Index('plugin_developers_account', { unique: true })
  @Column('text', { nullable: true })
  account_id!: string | null;

  /** As Stripe told last; a payout asks for it again. */
  @Column('boolean', { default: false })
  payouts_enabled!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}

/** A plugin as the catalogue shows it: the words of its served version, and its counters. */
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
  developer_id!: string;

  @ManyToOne(() => DeveloperRow)
  @JoinColumn({ name: 'developer_id', foreignKeyConstraintName: 'plugins_developer' })
  developer?: DeveloperRow;

  @Column('text')
  state!: ListingState;

  /** The served version; null until one is approved. */
  @Column('text', { nullable: true })
  version!: string | null;

  @Column('text')
  name!: string;

  /** What the name looks like, for look-alikes. */
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

/** One submitted version. Its package and manifest never change. */
@Entity('plugin_versions')
@Index('plugin_versions_number', { synchronize: false })
@Index('plugin_versions_queue', { synchronize: false })
export class PluginVersionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_versions_pk' })
  id!: string;

  @Index('plugin_versions_of_plugin')
  @Column('uuid')
  plugin_id!: string;

  @ManyToOne(() => PluginRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'plugin_id', foreignKeyConstraintName: 'plugin_versions_plugin' })
  plugin?: PluginRow;

  @Column('text')
  version!: string;

  @Column('jsonb')
  manifest!: Manifest;

  @Column('text')
  blob_key!: string;

  @Column('text')
  checksum!: string;

  @Column('integer')
  size_bytes!: number;

  @Column('text')
  state!: ReviewState;

  @Column('jsonb')
  findings!: readonly Finding[];

  /** Ed25519 over plugin, version, checksum and size; made when the version is approved. */
  @Column('bytea', { nullable: true })
  signature!: Buffer | null;

  @Column('text', { nullable: true })
  key_id!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  submitted_at!: Date;

  @Column('uuid', { nullable: true })
  claimed_by!: string | null;

  @Column('timestamptz', { nullable: true })
  claimed_at!: Date | null;

  @Column('uuid', { nullable: true })
  decided_by!: string | null;

  @Column('timestamptz', { nullable: true })
  decided_at!: Date | null;

  /** The reviewer's words to the author, sealed. */
  @Column('bytea', { nullable: true })
  notes!: Buffer | null;
}

/** How many plugins are listed in a category, in small letters; in all under the empty one. Kept by a trigger. */
@Entity('plugin_counts')
export class PluginCountRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'plugin_counts_pk' })
  category!: string;

  @Column('integer')
  listed!: number;
}
