import type { FinishReason } from './model-chunk';

/**
 * Judges the finish reasons of one answer. Some servers send one with every part (older Gemini, gateways before it) or before the first, so
 * only what follows shows which one was the last: it is withdrawn by output that comes after it.
 */
export class EndMarker {
  /** The last one that no output followed. */
  reason: FinishReason | undefined;
  /** Whether it ends the answer although the protocol's own end is missing: it came after output that had none, or without any. */
  isCertain = false;
  private outputInMessage = false;
  private outputBefore = false;
  private wasWrong = false;

  /** The next message of the stream begins. */
  nextMessage(): void {
    this.outputBefore ||= this.outputInMessage;
    this.outputInMessage = false;
  }

  /** The current message has a part of the answer. */
  output(): void {
    this.outputInMessage = true;
    if (this.reason === undefined) return;
    this.wasWrong ||= this.outputBefore;
    this.reason = undefined;
    this.isCertain = false;
  }

  /** The model reasons on, so output may follow. */
  doubt(): void {
    this.isCertain = false;
  }

  finish(reason: FinishReason): void {
    this.reason = reason;
    this.isCertain = this.outputBefore && !this.wasWrong;
  }

  /** Whether silence after the finish reason completes the answer: not where one has been wrong before. */
  get isCredible(): boolean {
    return this.reason !== undefined && !this.wasWrong;
  }
}
