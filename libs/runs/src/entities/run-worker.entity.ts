import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A process that executes steps. It holds the advisory lock (7711, id) for as long as it lives. */
@Entity('run_workers')
export class RunWorkerRow {
  @PrimaryGeneratedColumn({ primaryKeyConstraintName: 'run_workers_pk' })
  id!: number;

  @Column('text', { array: true, default: '{}' })
  job_workers!: string[];

  /** X25519; the private half is in the memory of the process alone. */
  @Column('bytea', { nullable: true })
  public_key!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  started_at!: Date;
}
