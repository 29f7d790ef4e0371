import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { ChannelKind } from '../notification';

/** Where a user can be reached. Address and label are sealed; the hash finds the same address again. */
@Entity('notification_channels')
@Index('notification_channels_address', ['user_id', 'kind', 'address_hash'], { unique: true })
@Index('notification_channels_hash', ['address_hash'])
export class NotificationChannelRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'notification_channels_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'notification_channels_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  kind!: ChannelKind;

  @Column('text')
  status!: 'pending' | 'active';

  @Column('bytea')
  address!: Buffer;

  @Column('bytea')
  address_hash!: Buffer;

  @Column('bytea', { nullable: true })
  label!: Buffer | null;

  @Column('boolean', { default: false })
  include_content!: boolean;

  /** Of an e-mail address; Twilio keeps the codes of telephones. */
  @Column('bytea', { nullable: true })
  code_hash!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  code_expires_at!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
