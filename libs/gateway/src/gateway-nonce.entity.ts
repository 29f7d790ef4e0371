import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A nonce of a signed request, as its hash, for as long as its timestamp may be accepted. */
@Entity('gateway_nonces')
export class GatewayNonceRow {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'gateway_nonces_pk' })
  hash!: Buffer;

  @Index('gateway_nonces_of_expiry')
  @Column('timestamptz')
  expires_at!: Date;
}
