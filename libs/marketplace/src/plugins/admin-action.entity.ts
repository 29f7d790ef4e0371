import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An action of an administrator: who, what, on what, when. Append-only. */
@Entity('admin_actions')
export class AdminActionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'admin_actions_pk' })
  id!: string;

  @Column('uuid')
  admin_id!: string;

  @Column('text')
  action!: string;

  @Index('admin_actions_of_subject')
  @Column('text')
  subject!: string;

  /** Ids, states and numbers; no texts. */
  @Column('jsonb')
  details!: Readonly<Record<string, string | number | boolean | null>>;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;
}
