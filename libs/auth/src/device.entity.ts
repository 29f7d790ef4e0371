import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from './user.entity';

/** A device that results can be sealed to. Its name is the user's words, so it is sealed. */
@Entity('devices')
@Index('devices_public_key', ['user_id', 'public_key'], { unique: true })
export class DeviceRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'devices_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'devices_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('bytea')
  name!: Buffer;

  @Column('bytea')
  public_key!: Buffer;

  @Column('bytea', { nullable: true })
  signature!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
