import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { MailLanguage } from '@adiuva/mail';
import type { PolicyStep } from '../notification';
import type { Digest } from './digest-slot';

@Entity('notification_preferences')
export class NotificationPreferencesRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'notification_preferences_pk' })
  @ForeignKey(() => UserRow, { name: 'notification_preferences_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  timezone!: string;

  @Column('integer', { nullable: true })
  quiet_from!: number | null;

  @Column('integer', { nullable: true })
  quiet_to!: number | null;

  @Column('integer', { array: true, default: '{}' })
  quiet_days!: number[];

  @Column('jsonb')
  policy!: PolicyStep[];

  @Column('text')
  digest!: Digest;

  @Column('text')
  language!: MailLanguage;
}
