import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A chat that any node can find by its id: running, or ended a short time ago. The table is unlogged. */
@Entity('chat_streams')
@Index('chat_streams_request', ['user_id', 'request_id'], { unique: true })
export class ChatStreamRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'chat_streams_pk' })
  id!: string;

  @Column('uuid')
  user_id!: string;

  @Column('text')
  request_id!: string;

  /** Of the client's key; null where the client gave none, so that only its node can resume the chat. */
  @Column('bytea', { nullable: true })
  verifier!: Buffer | null;

  /** The lease of the node that executes the chat; the end of the chat ends it. */
  @Column('timestamptz')
  alive_until!: Date;

  @Column('timestamptz')
  expires_at!: Date;

  /** Another node was asked to cancel the chat. */
  @Column('boolean', { default: false })
  cancelled!: boolean;
}

/** What a chat has sent, or what the client has answered to its tool calls, encrypted under the client's key. The table is unlogged. */
@Entity('chat_stream_parts')
export class ChatStreamPartRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'chat_stream_parts_pk' })
  @ForeignKey(() => ChatStreamRow, { name: 'chat_stream_parts_stream', onDelete: 'CASCADE' })
  stream_id!: string;

  @PrimaryColumn('boolean', { primaryKeyConstraintName: 'chat_stream_parts_pk' })
  from_client!: boolean;

  /** Of a part from the client: the number of the tool call. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'chat_stream_parts_pk' })
  seq!: number;

  @Column('bytea')
  sealed!: Buffer;
}
