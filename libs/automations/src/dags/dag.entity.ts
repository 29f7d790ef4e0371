import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { DagStatus } from './dag';

/** A graph of agents and tools. Title, nodes and parameters are sealed; executions keep the nodes that they were started with. */
@Entity('dags')
@Index('dags_user', ['user_id', 'id'])
export class DagRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'dags_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'dags_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  status!: DagStatus;

  @Column('bytea')
  title!: Buffer;

  @Column('bytea')
  nodes!: Buffer;

  @Column('bytea')
  params!: Buffer;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
