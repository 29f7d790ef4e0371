import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Finding } from './finding';
import type { Manifest } from './manifest';
import { PluginRow } from './plugin.entity';
import type { ReviewState } from './review';

/** One submitted version. Its package and manifest never change. */
@Entity('plugin_versions')
@Index('plugin_versions_number', { synchronize: false })
@Index('plugin_versions_queue', { synchronize: false })
export class PluginVersionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_versions_pk' })
  id!: string;

  @Index('plugin_versions_of_plugin')
  @Column('uuid')
  @ForeignKey(() => PluginRow, { name: 'plugin_versions_plugin', onDelete: 'CASCADE' })
  plugin_id!: string;

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

  /** The reviewer's note to the author, sealed. */
  @Column('bytea', { nullable: true })
  notes!: Buffer | null;
}
