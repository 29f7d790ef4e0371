import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PluginRow } from './plugin.entity';

/** A user's rating of an installed plugin. */
@Entity('plugin_ratings')
@Check('plugin_ratings_stars', 'stars BETWEEN 1 AND 5')
export class RatingRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_ratings_pk' })
  user_id!: string;

  @Index('plugin_ratings_of_plugin')
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_ratings_pk' })
  @ForeignKey(() => PluginRow, { name: 'plugin_ratings_plugin', onDelete: 'CASCADE' })
  plugin_id!: string;

  @Column('smallint')
  stars!: number;

  /** Sealed; the author of the plugin reads it. */
  @Column('bytea', { nullable: true })
  text!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  rated_at!: Date;
}
