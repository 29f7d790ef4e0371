import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Tokens that a user has spent, or has reserved for calls in progress, in one month. */
@Entity('token_usage')
export class TokenUsageRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'token_usage_pk' })
  user_id!: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'token_usage_pk' })
  month!: string;

  @Column('bigint')
  tokens!: string;
}
