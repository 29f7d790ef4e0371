import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Streams that another node can resume. Unlogged: they live for seconds, and their loss ends a chat with one error. */
export class ChatStreams1795350000000 implements MigrationInterface {
  readonly name = 'ChatStreams1795350000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE chat_streams (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        request_id text NOT NULL,
        verifier bytea,
        alive_until timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        cancelled boolean NOT NULL DEFAULT false,
        CONSTRAINT chat_streams_pk PRIMARY KEY (id)
      );
      CREATE UNIQUE INDEX chat_streams_request ON chat_streams (user_id, request_id);
      CREATE UNLOGGED TABLE chat_stream_parts (
        stream_id uuid NOT NULL,
        from_client boolean NOT NULL,
        seq integer NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT chat_stream_parts_pk PRIMARY KEY (stream_id, from_client, seq),
        CONSTRAINT chat_stream_parts_stream FOREIGN KEY (stream_id) REFERENCES chat_streams (id) ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat_stream_parts, chat_streams');
  }
}
