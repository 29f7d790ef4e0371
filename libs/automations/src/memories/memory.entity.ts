import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';

/** A fact that agents with memory are shown. The content is sealed. */
@Entity('memories')
@Index('memories_user', ['user_id', 'id'])
export class MemoryRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'memories_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'memories_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text', { nullable: true })
  agent!: string | null;

  @Column('bytea')
  content!: Buffer;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
