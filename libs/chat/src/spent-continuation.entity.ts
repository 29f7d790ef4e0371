import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A continuation that has been used, until it would have run out. */
@Entity('spent_continuations')
export class SpentContinuationRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'spent_continuations_pk' })
  id!: string;

  @Index('spent_continuations_user')
  @Column('uuid')
  user_id!: string;

  @Index('spent_continuations_expires')
  @Column('timestamptz')
  expires_at!: Date;
}
