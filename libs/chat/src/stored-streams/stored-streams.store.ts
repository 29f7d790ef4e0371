import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { ChatConfig } from '../chat.config';

/** The node that executes a chat renews its lease several times in this period; a chat without a lease has ended or lost its node. */
const LEASE_S = 6;

export interface NewStoredStream {
  readonly id: string;
  readonly userId: string;
  readonly requestId: string;
  readonly verifier: Buffer | null;
  /** Streams of the user on this node that have ended, which may not be stored yet. */
  readonly ended: readonly string[];
  /** How many streams and runs of the user may be in progress with this one. */
  readonly maxConcurrent: number;
}

export interface NewPart {
  readonly streamId: string;
  readonly seq: number;
  readonly sealed: Buffer;
}

export interface Position {
  readonly streamId: string;
  /** The number of the next part. */
  readonly seq: number;
}

/** One part of a stream that another node follows, or that there is none; `alive` is its lease. */
export interface FollowedPart {
  readonly streamId: string;
  readonly alive: boolean;
  readonly seq: number | null;
  readonly sealed: Buffer | null;
}

/**
 * Commits without waiting for the disk, because the first token would wait, too. A crash of the database can lose the row of a chat that has
 * just begun, which then cannot be resumed.
 */
const OPEN = `SELECT chat_streams_open($1, $2, $3, $4, make_interval(secs => ${LEASE_S}), make_interval(secs => $5), $6, $7) AS outcome
  FROM set_config('synchronous_commit', 'off', true)`;
const APPEND = `WITH added AS (
    INSERT INTO chat_stream_parts (stream_id, from_client, seq, sealed)
    SELECT s.id, false, p.seq, p.sealed FROM unnest($1::uuid[], $2::integer[], $3::bytea[]) AS p(stream_id, seq, sealed)
    JOIN chat_streams s ON s.id = p.stream_id ON CONFLICT DO NOTHING
  )
  UPDATE chat_streams SET alive_until = now(), expires_at = now() + make_interval(secs => $5) WHERE id = ANY($4::uuid[])`;
const RENEW = `WITH renewed AS (
    UPDATE chat_streams SET alive_until = now() + make_interval(secs => ${LEASE_S}), expires_at = now() + make_interval(secs => $2)
    WHERE id = ANY($1::uuid[]) RETURNING id, cancelled
  ) SELECT id FROM renewed WHERE cancelled`;
const FIND = `SELECT id, verifier FROM chat_streams WHERE user_id = $1 AND request_id = $2 AND expires_at > now()`;
const READ = `SELECT f.stream_id AS "streamId", coalesce(s.alive_until > now(), false) AS alive, p.seq, p.sealed
  FROM unnest($1::uuid[], $2::integer[]) AS f(stream_id, seq) LEFT JOIN chat_streams s ON s.id = f.stream_id
  LEFT JOIN chat_stream_parts p ON p.stream_id = f.stream_id AND NOT p.from_client AND p.seq >= f.seq ORDER BY p.seq`;
const CANCEL = `WITH cancelled AS (
    UPDATE chat_streams SET cancelled = true WHERE user_id = $1 AND request_id = $2 AND expires_at > now() RETURNING id
  ) SELECT id FROM cancelled`;
const ANSWER = `INSERT INTO chat_stream_parts (stream_id, from_client, seq, sealed)
  SELECT id, true, $2, $3 FROM chat_streams WHERE id = $1 ON CONFLICT DO NOTHING`;
const TAKE_ANSWERS = `WITH taken AS (
    DELETE FROM chat_stream_parts WHERE stream_id = ANY($1::uuid[]) AND from_client RETURNING stream_id, seq, sealed
  ) SELECT stream_id AS "streamId", seq, sealed FROM taken`;

/** Streams of all nodes in PostgreSQL: ids and times in plaintext, everything else as the nodes encrypted it. */
@Injectable()
export class StoredStreams {
  private readonly ttlS: number;

  constructor(
    private readonly database: Database,
    config: ChatConfig,
  ) {
    this.ttlS = config.CHAT_DETACHED_TTL_MS / 1_000;
  }

  /** Throws `conflict` while a chat of the user with the same id is in progress on any node, `too_many_streams`. */
  async open({ id, userId, requestId, verifier, ended, maxConcurrent }: NewStoredStream): Promise<void> {
    const values = [id, userId, requestId, verifier, this.ttlS, ended, maxConcurrent];
    const [row] = await this.database.prepared<{ outcome: 'open' | 'conflict' | 'full' }>(OPEN, values);
    if (row?.outcome === 'full') throw new Problem('too_many_streams', { retryAfter: 5 });
    if (row?.outcome !== 'open')
      throw new Problem('conflict', { detail: 'A chat with this request_id is in progress' });
  }

  /** Stores parts, and ends the leases of the `ended` streams in the same statement. */
  async append(parts: readonly NewPart[], ended: readonly string[]): Promise<void> {
    await this.database.prepared(APPEND, [
      parts.map(({ streamId }) => streamId),
      parts.map(({ seq }) => seq),
      parts.map(({ sealed }) => sealed),
      ended,
      this.ttlS,
    ]);
  }

  /** Renews the leases; returns the streams that another node was asked to cancel. */
  async renew(ids: readonly string[]): Promise<string[]> {
    const rows = await this.database.prepared<{ id: string }>(RENEW, [ids, this.ttlS]);
    return rows.map(({ id }) => id);
  }

  /** Throws `not_found` for no chat of the user that can be resumed. */
  async find(userId: string, requestId: string): Promise<{ id: string; verifier: Buffer | null }> {
    const [row] = await this.database.query<{ id: string; verifier: Buffer | null }>(FIND, [userId, requestId]);
    if (!row) throw noSuchChat();
    return row;
  }

  /** The parts from each position on, at least one row a stream, in order. */
  read(positions: readonly Position[]): Promise<FollowedPart[]> {
    return this.database.prepared<FollowedPart>(READ, [
      positions.map(({ streamId }) => streamId),
      positions.map(({ seq }) => seq),
    ]);
  }

  /** Marks the chat as cancelled and returns its stream. Throws `not_found`. */
  async cancel(userId: string, requestId: string): Promise<string> {
    const [row] = await this.database.query<{ id: string }>(CANCEL, [userId, requestId]);
    if (!row) throw noSuchChat();
    return row.id;
  }

  /** Stores the client's answer to tool call `number`; the first one counts. */
  async answer(streamId: string, number: number, sealed: Buffer): Promise<void> {
    await this.database.query(ANSWER, [streamId, number, sealed]);
  }

  /** Returns the client's answers and deletes them. */
  takeAnswers(ids: readonly string[]): Promise<NewPart[]> {
    return this.database.query<NewPart>(TAKE_ANSWERS, [ids]);
  }

  async sweep(): Promise<void> {
    await this.database.query('DELETE FROM chat_streams WHERE expires_at < now()');
  }
}

export function noSuchChat(): Problem {
  return new Problem('not_found', { detail: 'There is no such chat' });
}
