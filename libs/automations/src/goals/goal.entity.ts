import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { Custody } from '@adiuva/runs';
import type { GoalStatus, MissedPolicy } from './goal';

/** What a user wants done. Title, instructions and input are sealed. */
@Entity('goals')
@Index('goals_user', ['user_id', 'id'])
export class GoalRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'goals_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'goals_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  status!: GoalStatus;

  @Column('text')
  missed!: MissedPolicy;

  @Column('text', { default: 'server' })
  custody!: Custody;

  @Column('boolean')
  notify!: boolean;

  @Column('text', { nullable: true })
  agent!: string | null;

  @Column('bytea')
  title!: Buffer;

  @Column('bytea')
  instructions!: Buffer;

  @Column('bytea')
  input!: Buffer;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
