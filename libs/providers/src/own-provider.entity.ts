import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';

/** A provider of language models whose key a user has brought. */
@Entity('own_providers')
export class OwnProviderRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'own_providers_pk' })
  @ForeignKey(() => UserRow, { name: 'own_providers_user', onDelete: 'CASCADE' })
  user_id!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'own_providers_pk' })
  name!: string;

  /** Key, address and model, sealed under the user's data key. */
  @Column('bytea')
  settings!: Buffer;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  updated_at!: Date;
}
