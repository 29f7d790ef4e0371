import { Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';

/** A seat of a team subscription that a user has. With fewer paid seats than rows, the first ones taken are in force. */
@Entity('team_seats')
@Index('team_seats_of_owner', ['owner_id', 'taken_at'])
export class TeamSeatRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'team_seats_pk' })
  user_id!: string;

  @OneToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'team_seats_user' })
  user?: UserRow;

  /** Who pays for it. */
  @Column('uuid')
  owner_id!: string;

  @ManyToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'team_seats_owner' })
  owner?: UserRow;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  taken_at!: Date;
}
