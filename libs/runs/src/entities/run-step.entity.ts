import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { StepKind, StepStatus, WaitReason } from '../run';
import { RunRow } from './run.entity';

/** One step of a run. Every `bytea` column is sealed content; a finished run whose result is sealed to devices keeps the name alone. */
@Entity('run_steps')
@Index('run_steps_running', ['owner'], { where: `status = 'running'` })
@Index('run_steps_of_user', ['user_id'], { where: `status = 'running'` })
@Index('run_steps_ready', ['ready_at'], { where: `status = 'ready'` })
@Index('run_steps_throttled', ['user_id'], { where: 'throttled' })
export class RunStepRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_steps_pk' })
  @ForeignKey(() => RunRow, { name: 'run_steps_run', onDelete: 'CASCADE' })
  run_id!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'run_steps_pk' })
  node!: number;

  @Column('uuid')
  id!: string;

  @Column('uuid')
  user_id!: string;

  @Column('text')
  kind!: StepKind;

  @Column('text')
  status!: StepStatus;

  /** How many of `depends_on` have not ended. */
  @Column('integer')
  missing!: number;

  @Column('integer', { array: true })
  depends_on!: number[];

  @Column('integer', { array: true })
  dependents!: number[];

  /** Whether the run continues when this step fails. */
  @Column('boolean', { default: false })
  continues!: boolean;

  @Column('boolean', { default: false })
  throttled!: boolean;

  @Column('integer', { default: 0 })
  attempt!: number;

  @Column('integer', { default: 0 })
  failures!: number;

  /** How often another process has taken the step over. */
  @Column('integer', { default: 0 })
  takeovers!: number;

  @Column('integer', { nullable: true })
  owner!: number | null;

  @Column('timestamptz', { nullable: true })
  lease_until!: Date | null;

  @Column('text', { nullable: true })
  waiting_for!: WaitReason | null;

  @Column('timestamptz', { nullable: true })
  wait_until!: Date | null;

  @Column('bytea', { nullable: true })
  key!: Buffer | null;

  @Column('bytea')
  name!: Buffer;

  @Column('bytea', { nullable: true })
  body!: Buffer | null;

  @Column('bytea', { nullable: true })
  input!: Buffer | null;

  @Column('bytea', { nullable: true })
  output!: Buffer | null;

  @Column('bytea', { nullable: true })
  journal!: Buffer | null;

  @Column('bytea', { nullable: true })
  question!: Buffer | null;

  /** Who asks devices the question, until when. */
  @Column('uuid', { nullable: true })
  asked_by!: string | null;

  @Column('timestamptz', { nullable: true })
  asked_until!: Date | null;

  @Column('bytea', { nullable: true })
  answer!: Buffer | null;

  @Column('text', { nullable: true })
  error_code!: string | null;

  @Column('timestamptz', { nullable: true })
  ready_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  started_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  ended_at!: Date | null;
}
