import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RunRow } from './run.entity';

/** What has happened to a run, numbered without a hole. `detail` is a status, a code or a number, never content. */
@Entity('run_events')
export class RunEventRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_events_pk' })
  @ForeignKey(() => RunRow, { name: 'run_events_run', onDelete: 'CASCADE' })
  run_id!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'run_events_pk' })
  seq!: number;

  @Column('text')
  kind!: string;

  @Column('integer', { nullable: true })
  node!: number | null;

  @Column('text', { nullable: true })
  detail!: string | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at!: Date;
}
