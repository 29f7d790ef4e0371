import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The first answer to a request with an `Idempotency-Key`, sealed, for 24 hours. */
@Entity('idempotency_keys')
export class IdempotencyKeyRow {
  /** A user's id, or a keyed hash without a signed-in user. */
  @PrimaryColumn('text')
  scope!: string;

  /** Keyed hash of method, route and key. */
  @PrimaryColumn('bytea')
  key!: Buffer;

  /** Keyed hash of the request's body. */
  @Column('bytea')
  request!: Buffer;

  @Column('uuid')
  holder!: string;

  @Column('timestamptz')
  lease_until!: Date;

  @Column('bytea', { nullable: true })
  answer!: Buffer | null;

  @Index('idempotency_keys_expires')
  @Column('timestamptz')
  expires_at!: Date;
}
