import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { PluginRow } from './plugin.entity';

/** A user has a plugin. */
@Entity('plugin_installs')
export class InstallRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_installs_pk' })
  user_id!: string;

  @Index('plugin_installs_of_plugin')
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_installs_pk' })
  plugin_id!: string;

  @ManyToOne(() => PluginRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'plugin_id', foreignKeyConstraintName: 'plugin_installs_plugin' })
  plugin?: PluginRow;

  @Column('text')
  version!: string;

  @Column('timestamptz', { default: () => 'now()' })
  installed_at!: Date;
}
