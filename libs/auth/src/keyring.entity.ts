import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { UserRow } from './user.entity';

/** A client's wrapped keys. Opaque: only the client can open them. */
@Entity('keyrings')
export class KeyringRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'keyrings_pk' })
  user_id!: string;

  @OneToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'keyrings_user' })
  user?: UserRow;

  @Column('bytea')
  keyring!: Buffer;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
