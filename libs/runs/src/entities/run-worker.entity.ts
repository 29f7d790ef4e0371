import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A process that executes steps. It holds the advisory lock (7711, id) for as long as it lives. */
@Entity('run_workers')
export class RunWorkerRow {
  @PrimaryGeneratedColumn({ primaryKeyConstraintName: 'run_workers_pk' })
  id!: number;

  @Column('text', { array: true, default: '{}' })
  job_workers!: string[];

  @Column('timestamptz', { default: () => 'now()' })
  started_at!: Date;
}
