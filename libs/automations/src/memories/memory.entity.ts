import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';

/** A fact that agents with memory are shown. The content is sealed. */
@Entity('memories')
@Index('memories_user', ['user_id', 'id'])
export class MemoryRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'memories_pk' })
  id!: string;

  @Column('uuid')
  user_id!: string;

  @ManyToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'memories_owner' })
  user?: UserRow;

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
