import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PluginRow } from './plugin.entity';

/** A user has a plugin. */
@Entity('plugin_installs')
export class InstallRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_installs_pk' })
  user_id!: string;

  @Index('plugin_installs_of_plugin')
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_installs_pk' })
  @ForeignKey(() => PluginRow, { name: 'plugin_installs_plugin', onDelete: 'CASCADE' })
  plugin_id!: string;

  @Column('text')
  version!: string;

  @Column('timestamptz', { default: () => 'now()' })
  installed_at!: Date;
}
