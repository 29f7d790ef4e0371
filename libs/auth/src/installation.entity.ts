import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Which installation this database belongs to; one row. The blob store has a marker with the same id. */
@Entity('installation')
@Check('installation_singleton', 'singleton')
export class InstallationRow {
  @PrimaryColumn('boolean', { primaryKeyConstraintName: 'installation_pk', default: true })
  singleton!: boolean;

  @Column('uuid')
  id!: string;

  /** Whether the marker has been written to the blob store; from then on its absence is a fault. */
  @Column('boolean', { default: false })
  marked!: boolean;

  /** Counts starts. A marker with a greater number shows that this database was restored from an earlier state. */
  @Column('integer', { default: 0 })
  generation!: number;

  /** Replaced when the database is restored, so that cursors into the lost future are recognised. */
  @Column('uuid')
  epoch!: string;

  /** Which physical table holds this row; a restored dump has another. */
  @Column('text')
  incarnation!: string;

  /** The lasting server keys, sealed under MASTER_KEY, and thereby the check value of MASTER_KEY. */
  @Column('bytea')
  keys!: Buffer;

  /** When the last restore was noticed. */
  @Column('timestamptz', { nullable: true })
  restored_at!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
