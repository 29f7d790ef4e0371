import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many plugins are listed in a category, in small letters; in all under the empty one. Kept by a trigger. */
@Entity('plugin_counts')
export class PluginCountRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'plugin_counts_pk' })
  category!: string;

  @Column('integer')
  listed!: number;
}
