import { setTimeout as pause } from 'node:timers/promises';
import type { Breaker } from './breakers.adapter';
import { Inlet } from './inlet';
import type { LlmConfig } from './llm.config';
import { faultOf } from './model-fault';
import type { ModelCall, ModelSource } from './model-source.port';
import { joined, says, type Piece } from './piece';
import { Watchdog } from './watchdog';

const LONGEST_WAIT_MS = 2_000;
const MOST_WAITS = 2;

/** One question to one model, from the connection to the last piece of the answer. */
export class ModelAttempt {
  private readonly abort = new AbortController();
  private readonly watchdog: Watchdog;
  private readonly leave = (): void => this.cut(this.signal.reason);
  private inlet = new Inlet();
  private held: Piece | undefined;
  private ended = false;

  constructor(
    private readonly breaker: Breaker,
    config: LlmConfig,
    private readonly signal: AbortSignal,
  ) {
    this.watchdog = new Watchdog(config, (fault) => this.cut(fault));
    signal.addEventListener('abort', this.leave, { once: true });
  }

  /**
   * Resolves when the model has begun to speak or to call a tool, so that until then another may take its place. A busy model that
   * asks for two seconds or less is waited for. Throws `unavailable`, `upstream_failed` or `upstream_timeout`.
   */
  open(model: Promise<ModelSource>, call: ModelCall): Promise<void> {
    return this.breaker.run(async () => {
      for (let waits = 0; ; waits += 1) {
        try {
          return await this.first(await model, call);
        } catch (error) {
          if (this.signal.aborted) throw error;
          const fault = faultOf(error);
          const wait = fault.busyForMs;
          if (wait === undefined || wait > LONGEST_WAIT_MS || waits === MOST_WAITS) throw fault;
          this.watchdog.pause();
          await pause(wait, undefined, { signal: this.signal });
        }
      }
    });
  }

  /** The next piece; undefined at the end. The reader's own pace is not held against the model. */
  async next(): Promise<Piece | undefined> {
    const { held } = this;
    this.held = undefined;
    if (held) return held;
    if (this.ended) return undefined;
    this.watchdog.startNext();
    try {
      const piece = await this.inlet.next();
      this.watchdog.pause();
      this.ended = piece === undefined;
      return piece;
    } catch (error) {
      const fault = faultOf(error);
      if (!this.signal.aborted || fault === error) await this.breaker.failed(fault);
      throw fault;
    }
  }

  /** Ends the connection where the answer has not ended. */
  close(): void {
    this.watchdog.stop();
    this.signal.removeEventListener('abort', this.leave);
    if (!this.ended) this.abort.abort();
  }

  private async first(model: ModelSource, call: ModelCall): Promise<void> {
    const inlet = new Inlet();
    this.inlet = inlet;
    this.signal.throwIfAborted();
    this.watchdog.startFirst();
    model.ask(call, inlet, this.abort.signal).catch((error: unknown) => inlet.fail(error));
    let held: Piece | undefined;
    do {
      const piece = await inlet.next();
      this.ended = piece === undefined;
      if (piece) held = held ? joined(held, piece) : piece;
    } while (!this.ended && !(held && says(held)));
    this.held = held;
    this.watchdog.pause();
  }

  /** Whoever waits is told at once, also where the provider's client ignores the abort. */
  private cut(reason: unknown): void {
    this.inlet.cut(reason);
    this.abort.abort(reason);
  }
}
