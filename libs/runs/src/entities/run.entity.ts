import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { RunStatus, RunTrigger, WaitReason } from '../run';

/** One execution of a goal, a DAG or a job. `input` and `output` are sealed. */
@Entity('runs')
@Index('runs_slot', ['schedule_id', 'slot'], { unique: true })
@Index('runs_user', ['user_id', 'id'])
@Index('runs_goal', ['goal_id', 'id'])
@Index('runs_dag', ['dag_id', 'id'])
@Index('runs_queued', ['user_id', 'created_at', 'id'], { where: `status = 'queued'` })
@Index('runs_held', ['user_id'], { where: 'held' })
@Index('runs_running', ['user_id'], { where: `status = 'running'` })
@Index('runs_waiting', ['user_id'], { where: `status = 'waiting'` })
export class RunRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'runs_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'runs_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  status!: RunStatus;

  @Column('text', { nullable: true })
  waiting_for!: WaitReason | null;

  @Column('text')
  trigger!: RunTrigger;

  @Column('uuid', { nullable: true })
  goal_id!: string | null;

  @Column('uuid', { nullable: true })
  dag_id!: string | null;

  @Column('integer', { nullable: true })
  dag_version!: number | null;

  @Column('uuid', { nullable: true })
  schedule_id!: string | null;

  @Column('timestamptz', { nullable: true })
  slot!: Date | null;

  @Column('uuid', { nullable: true })
  forked_from!: string | null;

  @Column('text')
  custody!: 'server' | 'device';

  /** The worker that has the key of a run with custody of a device. */
  @Index('runs_key_worker', { where: 'key_worker IS NOT NULL' })
  @Column('integer', { nullable: true })
  key_worker!: number | null;

  /** That key, encrypted to the key pair that the worker has in memory. */
  @Column('bytea', { nullable: true })
  wrapped_key!: Buffer | null;

  @Column('bytea', { nullable: true })
  input!: Buffer | null;

  @Column('bytea', { nullable: true })
  output!: Buffer | null;

  @Column('boolean', { default: false })
  output_sealed!: boolean;

  @Column('uuid', { array: true, default: '{}' })
  pending_actions!: string[];

  @Column('text', { nullable: true })
  error_code!: string | null;

  @Column('uuid', { nullable: true })
  error_step!: string | null;

  @Column('integer', { default: 1 })
  attempt!: number;

  @Column('bigint', { default: 0 })
  input_tokens!: string;

  @Column('bigint', { default: 0 })
  output_tokens!: string;

  @Column('integer', { default: 0 })
  last_event!: number;

  @Column('integer')
  open_steps!: number;

  @Column('integer')
  total_steps!: number;

  /** How many streams and runs of the user may be in progress with it, by the tier at its start; null for runs from before the limit. */
  @Column('integer', { nullable: true })
  max_concurrent!: number | null;

  /** It is queued because of a stream of the user, and admitted by the reaper. */
  @Column('boolean', { default: false })
  held!: boolean;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  started_at!: Date | null;

  @Index('runs_ended', { where: 'ended_at IS NOT NULL' })
  @Column('timestamptz', { nullable: true })
  ended_at!: Date | null;
}
