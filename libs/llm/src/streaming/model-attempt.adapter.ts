import { setTimeout as pause } from 'node:timers/promises';
import type { ChatModel, ModelCall } from './chat-model.port';
import { ChunkQueue } from './chunk-queue';
import type { ModelBreaker } from './circuit-breakers.adapter';
import { hasContent, mergeChunks, type ModelChunk } from './model-chunk';
import { toProviderError, type ProviderError } from './provider-error';
import type { TokenUsage } from '../usage';
import { Watchdog, type StreamLimits } from './watchdog';

const MAX_WAIT_MS = 2_000;
const MAX_WAITS = 2;

/** One call of one model, from the connection to the last chunk of the answer. */
export class ModelAttempt {
  private readonly controller = new AbortController();
  private readonly watchdog: Watchdog;
  private readonly cancel = (): void => this.abort(this.signal.reason);
  private queue = new ChunkQueue();
  private held: ModelChunk | undefined;
  private ended = false;

  constructor(
    private readonly breaker: ModelBreaker,
    limits: StreamLimits,
    private readonly signal: AbortSignal,
  ) {
    this.watchdog = new Watchdog(limits, (error) => this.late(error));
    signal.addEventListener('abort', this.cancel, { once: true });
  }

  /**
   * Resolves when the answer has text for the user, or is complete; until then another model may take its place. A busy model that asks for
   * two seconds or less is waited for. Throws a `ProviderError`.
   */
  open(model: Promise<ChatModel>, call: ModelCall): Promise<void> {
    return this.breaker.run(async () => {
      for (let waits = 0; ; waits += 1) {
        try {
          return await this.first(await model, call);
        } catch (error) {
          if (this.signal.aborted) throw error;
          const failure = toProviderError(error);
          const wait = failure.busyForMs;
          if (wait === undefined || wait > MAX_WAIT_MS || waits === MAX_WAITS) throw failure;
          this.watchdog.pause();
          await pause(wait, undefined, { signal: this.signal });
        }
      }
    });
  }

  /** The next chunk; undefined at the end. The time that the reader takes is not held against the model. */
  async next(): Promise<ModelChunk | undefined> {
    const { held } = this;
    this.held = undefined;
    if (held) return held;
    if (this.ended) return undefined;
    this.watchdog.startNext();
    try {
      const chunk = await this.queue.next();
      this.watchdog.pause();
      this.ended = chunk === undefined;
      return chunk;
    } catch (error) {
      const failure = toProviderError(error);
      if (!this.signal.aborted || failure === error) await this.breaker.failed(failure);
      throw failure;
    }
  }

  /** What the provider has reported, also where the attempt fails. */
  get usage(): TokenUsage | undefined {
    return this.queue.usage;
  }

  /** Closes the connection where the answer has not ended. */
  close(): void {
    this.watchdog.stop();
    this.signal.removeEventListener('abort', this.cancel);
    if (!this.ended) this.controller.abort();
  }

  private async first(model: ChatModel, call: ModelCall): Promise<void> {
    const queue = new ChunkQueue();
    this.queue = queue;
    this.signal.throwIfAborted();
    this.watchdog.startFirst();
    model.stream(call, queue, this.controller.signal).catch((error: unknown) => queue.fail(error));
    let held: ModelChunk | undefined;
    do {
      const chunk = await queue.next();
      this.ended = chunk === undefined;
      if (chunk) held = held ? mergeChunks(held, chunk) : chunk;
      // A model that reasons is alive.
      this.watchdog.startNext();
    } while (!this.ended && !(held && hasContent(held)));
    this.held = held;
    this.watchdog.pause();
  }

  private late(error: ProviderError): void {
    if (!this.queue.endInSilence()) this.abort(error);
  }

  /** The reader learns it immediately, also from a model that ignores the signal. */
  private abort(reason: unknown): void {
    this.queue.abort(reason);
    this.controller.abort(reason);
  }
}
