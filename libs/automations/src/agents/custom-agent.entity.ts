import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { AgentModelRole } from './custom-agent';

/** An agent that a user has made. Description and instructions are sealed; names of agents and tools are operational. */
@Entity('custom_agents')
@Index('custom_agents_name', ['user_id', 'name'], { unique: true })
export class CustomAgentRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'custom_agents_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'custom_agents_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  name!: string;

  @Column('bytea')
  description!: Buffer;

  @Column('bytea')
  instructions!: Buffer;

  @Column('text', { array: true })
  tools!: string[];

  @Column('text')
  model_role!: AgentModelRole;

  @Column('boolean')
  memory!: boolean;

  @Column('boolean')
  enabled!: boolean;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
