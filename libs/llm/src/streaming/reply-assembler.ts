import type { ModelCall } from './chat-model.port';
import type { ChunkQueue } from './chunk-queue';
import { EndMarker } from './end-marker';
import { EMPTY_CHUNK, type FinishReason, type ProviderState } from './model-chunk';
import { PhrasedReasoning } from '../content/phrased-reasoning';
import { answerError, refusalError, toProviderError } from './provider-error';
import { TextFilter } from '../content/text-filter';
import { ToolCallAssembler, type ToolCallDelta } from '../content/tool-call-assembler';
import { UnmarkedReasoning } from '../content/unmarked-reasoning';
import { WellFormedText } from '../content/well-formed-text';
import type { TokenUsage } from '../usage';

/**
 * Assembles one answer from what a protocol's reader finds in it, with the same rules for every provider: reasoning is not shown, calls are
 * delivered only with the end marker, an answer without content or without end marker is a failure.
 */
export class ReplyAssembler {
  private readonly calls: ToolCallAssembler;
  private readonly filter: TextFilter;
  private readonly wellFormed = new WellFormedText();
  private readonly phrases = new PhrasedReasoning();
  private readonly marker = new EndMarker();
  private message: unknown;
  private hasText = false;
  private announcesCalls = false;
  private closed = false;

  /** `origin` is `provider:model`. */
  constructor(
    private readonly queue: ChunkQueue,
    private readonly call: ModelCall,
    private readonly origin: string,
    private readonly unmarked = new UnmarkedReasoning(origin),
  ) {
    const tools = call.mayCall === false ? [] : (call.tools ?? []);
    const names = new Set(tools.map(({ name }) => name));
    this.calls = new ToolCallAssembler(names);
    this.filter = new TextFilter(names, unmarked.isExpected, () => this.retract());
  }

  /** Whether nothing that still arrives belongs to the answer. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Whether a finish reason was seen that no more output will follow. Usage may. */
  get isFinished(): boolean {
    return this.marker.isCertain;
  }

  /** For protocols in which every part is a whole call: an index that no call has yet. */
  get callCount(): number {
    return this.calls.count;
  }

  /** Called before each message of the stream. */
  nextMessage(): void {
    this.marker.nextMessage();
  }

  text(text: string): void {
    if (this.closed || text === '') return;
    if (text.trim() !== '') this.marker.output();
    this.show(this.filter.write(this.phrases.write(this.wellFormed.write(text))));
  }

  /** The model works, but what it produced is not for the user. */
  reasoning(): void {
    if (this.closed) return;
    this.marker.doubt();
    this.show(this.filter.reasoningIsSeparate());
  }

  toolCall(delta: ToolCallDelta): void {
    if (this.closed) return;
    this.marker.output();
    this.calls.add(delta);
    this.queue.push(EMPTY_CHUNK);
  }

  /** Each report is about the whole answer so far. */
  used(usage: TokenUsage): void {
    this.queue.usage = usage;
  }

  /** What the provider wants back with the results of its calls. */
  keep(message: unknown): void {
    this.message = message;
  }

  /** `announcesCalls`: the provider says that the answer ends for its calls, so without one it is not complete. */
  finish(reason: FinishReason, announcesCalls = false): void {
    this.announcesCalls = announcesCalls;
    this.marker.finish(reason);
  }

  /** The protocol's own end, also where the finish reason is missing. */
  done(): void {
    if (this.marker.reason === undefined) this.marker.finish('stop');
    this.end();
  }

  /** Ends an answer whose provider is silent after a finish reason; false where there is none to rely on. */
  endInSilence(): boolean {
    if (!this.closed && !this.marker.isCredible) return false;
    this.end();
    return true;
  }

  refuse(): void {
    this.fail(refusalError());
  }

  fail(error: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.queue.fail(toProviderError(error));
  }

  /** Nothing more will arrive. */
  end(): void {
    if (this.closed) return;
    const { reason } = this.marker;
    if (reason === undefined) return this.fail(answerError('the answer broke off'));
    try {
      this.deliver(reason);
    } catch (error) {
      this.fail(error);
    }
  }

  private deliver(finishReason: FinishReason): void {
    const last = this.phrases.write(this.wellFormed.end());
    this.show(this.filter.write(last + this.phrases.end(finishReason === 'length')));
    if (this.filter.isHolding) this.unmarked.observe(false);
    const rest = this.filter.end(finishReason === 'length');
    for (const call of rest.calls) this.calls.add(call);
    this.show(rest.text);
    // An answer that was cut may have lost a part of its calls.
    const { calls, states } = finishReason === 'length' ? NO_CALLS : this.calls.finish();
    if (this.announcesCalls && calls.length === 0) return this.fail(answerError('the calls of the answer are missing'));
    const isEmpty = !this.hasText && calls.length === 0;
    if (isEmpty && !(this.call.mayBeEmpty === true && finishReason === 'stop')) {
      return this.fail(answerError('the answer has no text and no call'));
    }
    const state = calls.length > 0 ? this.state(states) : undefined;
    this.closed = true;
    this.queue.push({ text: '', calls, usage: this.queue.usage, finishReason, state });
    this.queue.end();
  }

  private show(text: string): void {
    this.hasText ||= text.trim() !== '';
    this.queue.push(text === '' ? EMPTY_CHUNK : { text, calls: [] });
  }

  private retract(): void {
    this.hasText = false;
    this.unmarked.observe(true);
    this.queue.push({ ...EMPTY_CHUNK, retracts: true });
  }

  private state(calls: Readonly<Record<string, unknown>> | undefined): ProviderState | undefined {
    if (this.message === undefined && calls === undefined) return undefined;
    return { origin: this.origin, message: this.message, calls };
  }
}

const NO_CALLS: ReturnType<ToolCallAssembler['finish']> = { calls: [], states: undefined };
