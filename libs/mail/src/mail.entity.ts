import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A mail until it is delivered. Recipient and content are sealed. */
@Entity('mails')
@Index('mails_user', ['user_id', 'id'])
@Index('mails_lease', ['lease_until'])
export class MailRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mails_pk' })
  id!: string;

  @Column('uuid')
  user_id!: string;

  @Column('bytea')
  content!: Buffer;

  /** While a process delivers it; later it is delivered again. */
  @Column('timestamptz', { default: () => 'now()' })
  lease_until!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
