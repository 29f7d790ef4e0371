import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { ClientToolResultShape } from '@adiuva/agents';
import { Log, PubSub } from '@adiuva/platform';
import { z } from 'zod';
import type { ChatResult } from '../chat-request';
import type { ChatStream } from '../chat-stream';
import {
  FOLLOWER_REPLACED,
  FOLLOWER_TTL_MS,
  STREAM_ANSWERED,
  STREAM_CANCELLED,
  STREAM_FOLLOWED,
  STREAM_UNFOLLOWED,
} from './node-events';
import { Recording, type Attach } from './recording';
import { RemoteListener } from './remote-listener';
import { StoredStreams, type NewPart } from './stored-streams.store';
import { StreamCipher } from './stream-cipher';

/** A client that resumes elsewhere receives tokens that much later; the parts of all streams are stored in one statement. */
const FLUSH_MS = 100;
const RETRY_MS = 500;
const RENEW_MS = 1_500;
const SWEEP_MS = 10_000;

export const StoredAnswerShape = z.object({ callId: z.string(), answer: ClientToolResultShape });

/** Streams that this node executes: stores them for the other nodes, and carries out what clients ask for through those. */
@Injectable()
export class StreamRecordings implements OnModuleInit, OnApplicationShutdown {
  private readonly recordings = new Map<string, Recording>();
  private readonly dirty = new Set<Recording>();
  /** Sealed, but not stored yet. */
  private parts: NewPart[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private flushTimer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;

  constructor(
    private readonly store: StoredStreams,
    private readonly pubSub: PubSub,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const onStream = (topic: string, handle: (recording: Recording, data: Readonly<Record<string, unknown>>) => void) =>
      this.pubSub.subscribe(topic, (data) => {
        const recording = this.recordings.get(String(data['stream_id']));
        if (recording && !recording.ended) handle(recording, data);
      });
    onStream(STREAM_CANCELLED, ({ stream }) => stream.cancel());
    onStream(STREAM_ANSWERED, () => this.quietly(this.takeAnswers()));
    onStream(STREAM_FOLLOWED, (recording, { follower, next_index }) =>
      this.followed(recording, String(follower), Number(next_index)),
    );
    onStream(STREAM_UNFOLLOWED, (recording, { follower }) => {
      if (recording.remote?.listener.id === follower) this.detach(recording);
    });
    this.every(RENEW_MS, () => this.renew());
    this.every(SWEEP_MS, () => this.store.sweep());
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.flushTimer);
    await this.flushing;
  }

  /**
   * Makes the stream known to the other nodes. Throws `conflict` while another one of the user has the same id on any node, `too_many_streams`
   * while the user has `maxConcurrent` streams and runs in progress.
   */
  async open(
    { userId, maxConcurrent }: { readonly userId: string; readonly maxConcurrent: number },
    stream: ChatStream<ChatResult>,
    attach: Attach,
  ): Promise<void> {
    const { id: requestId, resumeKey } = stream;
    const cipher = resumeKey === undefined ? undefined : new StreamCipher(resumeKey, userId, requestId);
    const others = [...this.recordings.values()].filter((other) => other.ended && other.userId === userId);
    const recording = new Recording(newId(), userId, stream, cipher, attach, () => this.touch(recording));
    await this.store.open({
      id: recording.id,
      userId,
      requestId,
      verifier: cipher?.verifier ?? null,
      ended: others.map(({ id }) => id),
      maxConcurrent,
    });
    this.recordings.set(recording.id, recording);
    stream.record(recording);
  }

  /** Stores everything that has happened so far. Never throws: what cannot be stored is tried again. */
  async flush(): Promise<void> {
    this.cancelFlush();
    await this.flushing;
    if (this.dirty.size > 0) await (this.flushing = this.storeDirty());
  }

  private async storeDirty(): Promise<void> {
    const recordings = [...this.dirty];
    this.dirty.clear();
    this.parts.push(...recordings.flatMap((recording) => recording.takePart() ?? []));
    const ended = recordings.filter((recording) => recording.ended);
    try {
      await this.store.append(
        this.parts,
        ended.map(({ id }) => id),
      );
      this.parts = [];
      for (const { id } of ended) this.recordings.delete(id);
    } catch (error) {
      this.log.warn('streams_not_stored', { count: recordings.length, error });
      for (const recording of recordings) this.dirty.add(recording);
      this.schedule(RETRY_MS);
    }
    this.flushing = undefined;
  }

  private touch(recording: Recording): void {
    this.dirty.add(recording);
    // An ended stream counts against the limit of its user until the other nodes know.
    if (recording.ended) this.cancelFlush();
    this.schedule(recording.ended ? 0 : FLUSH_MS);
  }

  private schedule(ms: number): void {
    this.flushTimer ??= setTimeout(() => void this.flush(), ms);
  }

  private cancelFlush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
  }

  /** Also finds what a lost notification has not told. */
  private async renew(): Promise<void> {
    const running = [...this.recordings.values()].filter(({ ended }) => !ended);
    if (running.length === 0) return;
    for (const id of await this.store.renew(running.map(({ id }) => id))) this.recordings.get(id)?.stream.cancel();
    await this.takeAnswers();
    const earliest = performance.now() - FOLLOWER_TTL_MS;
    for (const recording of running)
      if (recording.remote && recording.remote.listener.reportedAt < earliest) this.detach(recording);
  }

  private async takeAnswers(): Promise<void> {
    const asking = [...this.recordings.values()].filter(({ hasCalls }) => hasCalls);
    if (asking.length === 0) return;
    for (const { streamId, seq, sealed } of await this.store.takeAnswers(asking.map(({ id }) => id))) {
      const { stream, cipher } = this.recordings.get(streamId) ?? {};
      const { callId, answer } = StoredAnswerShape.parse(cipher?.open(sealed, streamId, `client|${seq}`));
      stream?.answer(callId, answer);
    }
  }

  private followed(recording: Recording, follower: string, next: number): void {
    if (recording.remote?.listener.id === follower) return recording.remote.listener.report(next);
    const listener = new RemoteListener(follower, () => {
      if (recording.remote?.listener === listener) recording.remote = undefined;
      this.pubSub.publish(FOLLOWER_REPLACED, { follower });
    });
    const detach = recording.attach(recording.stream, listener, next);
    if (detach) recording.remote = { listener, detach };
  }

  private detach(recording: Recording): void {
    recording.remote?.detach();
    recording.remote = undefined;
  }

  private every(ms: number, work: () => Promise<void>): void {
    this.timers.push(setInterval(() => this.quietly(work()), ms).unref());
  }

  private quietly(work: Promise<void>): void {
    work.catch((error: unknown) => this.log.warn('stored_streams_failed', { error }));
  }
}
