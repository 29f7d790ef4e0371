import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GoalRow } from './goal.entity';
import type { ScheduleKind } from '../schedules/schedule-rule';

/** When a goal runs. Expressions and zones are operational, so they are stored as they are. */
@Entity('schedules')
@Index('schedules_goal', ['goal_id'])
@Index('schedules_due', ['next_run_at'], { where: 'enabled' })
export class ScheduleRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'schedules_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => GoalRow, { name: 'schedules_of_goal', onDelete: 'CASCADE' })
  goal_id!: string;

  @Column('uuid')
  user_id!: string;

  @Column('text')
  kind!: ScheduleKind;

  @Column('text')
  expression!: string;

  @Column('text')
  timezone!: string;

  @Column('boolean', { default: true })
  enabled!: boolean;

  @Column('timestamptz')
  starts_at!: Date;

  @Column('timestamptz', { nullable: true })
  ends_at!: Date | null;

  /** Null where no slot is left. */
  @Column('timestamptz', { nullable: true })
  next_run_at!: Date | null;
}
