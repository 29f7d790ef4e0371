import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '../user.entity';

export type TokenPurpose = 'verify_email' | 'verify_new_email' | 'reset_password';

/** A token that was mailed to a user; the newest of each purpose. Deleted when it is used. */
@Entity('account_tokens')
@Index('account_tokens_purpose', ['user_id', 'purpose'], { unique: true })
export class AccountTokenRow {
  /** SHA-256 of the token, which has 256 random bits. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'account_tokens_pk' })
  hash!: Buffer;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'account_tokens_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  purpose!: TokenPurpose;

  /** The address that the token confirms, sealed. */
  @Column('bytea', { nullable: true })
  email!: Buffer | null;

  @Column('timestamptz')
  expires_at!: Date;
}
