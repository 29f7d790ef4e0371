import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AuditDetails } from './audit-event';

/** An event of the audit log. The hashes are keyed, so that write access to the database alone cannot forge a row. */
@Entity('audit_events')
@Index('audit_events_of_user', ['user_id', 'id'])
@Index('audit_events_of_actor', ['actor_id', 'id'])
@Index('audit_events_of_account', ['account', 'account_position'])
@Index('audit_events_unlinked', ['id'], { where: 'position IS NULL' })
export class AuditEventRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_events_pk' })
  id!: string;

  @Column('text')
  action!: string;

  @Column('uuid', { nullable: true })
  user_id!: string | null;

  @Column('uuid', { nullable: true })
  actor_id!: string | null;

  @Column('jsonb', { nullable: true })
  details!: AuditDetails | null;

  @Column('timestamptz')
  at!: Date;

  /** A keyed hash of the account's id, which stays when the account is erased. */
  @Column('bytea')
  account!: Buffer;

  /** The keyed hash of all of the above but `account`. */
  @Column('bytea')
  content!: Buffer;

  /** Proves that the server has removed ids and details of an erased account. */
  @Column('bytea', { nullable: true })
  redaction!: Buffer | null;

  /** In the chain over all; null until the event is linked. */
  @Index('audit_events_position', { unique: true })
  @Column('bigint', { nullable: true })
  position!: string | null;

  @Column('bytea', { nullable: true })
  link!: Buffer | null;

  /** In the chain of the account. */
  @Column('integer', { nullable: true })
  account_position!: number | null;

  @Column('bytea', { nullable: true })
  account_link!: Buffer | null;
}

/** The end of the chain, so that removed rows at the end are noticed. */
@Entity('audit_head')
export class AuditHeadRow {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'audit_head_pk' })
  id!: number;

  @Column('bigint')
  position!: string;

  @Column('bytea')
  link!: Buffer;

  @Column('bytea')
  mac!: Buffer;
}
