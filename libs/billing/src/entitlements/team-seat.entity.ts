import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';

/** A seat of a team subscription that a user has. With fewer paid seats than rows, the first ones taken are in force. */
@Entity('team_seats')
@Index('team_seats_of_owner', ['owner_id', 'taken_at'])
export class TeamSeatRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'team_seats_pk' })
  @ForeignKey(() => UserRow, { name: 'team_seats_user', onDelete: 'CASCADE' })
  user_id!: string;

  /** Who pays for it. */
  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'team_seats_owner', onDelete: 'CASCADE' })
  owner_id!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  taken_at!: Date;
}
