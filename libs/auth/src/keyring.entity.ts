import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserRow } from './user.entity';

/** A client's wrapped keys. Opaque: only the client can open them. */
@Entity('keyrings')
export class KeyringRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'keyrings_pk' })
  @ForeignKey(() => UserRow, { name: 'keyrings_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('bytea')
  keyring!: Buffer;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
