import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A continuation that has been spent, kept until it expires. */
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

  /** Until when its answer may still come; null when it has come. */
  @Column('timestamptz', { nullable: true })
  lease_until!: Date | null;
}
