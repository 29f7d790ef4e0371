import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { RunRow } from './run.entity';

/** What has happened to a run, numbered without a hole. `detail` is a status, a code or a number, never content. */
@Entity('run_events')
export class RunEventRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_events_pk' })
  run_id!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'run_events_pk' })
  seq!: number;

  @ManyToOne(() => RunRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'run_events_run' })
  run?: RunRow;

  @Column('text')
  kind!: string;

  @Column('integer', { nullable: true })
  node!: number | null;

  @Column('text', { nullable: true })
  detail!: string | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at!: Date;
}
