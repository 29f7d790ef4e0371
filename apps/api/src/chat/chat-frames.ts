import { problemDocument, type Problem, type ProblemDocument } from '@adiuva/kernel';
import type { ChatResult, ClientCall } from '@adiuva/chat';
import { chatDone, ToolCallDto } from './chat-answer.dto';

/** The payloads of a streamed chat, the same on sockets and as server-sent events. */
export class ChatFrames {
  constructor(
    private readonly requestId: string,
    /** The `instance` of its problem documents. */
    private readonly instance: string,
  ) {}

  token(index: number, text: string) {
    return { request_id: this.requestId, index, text };
  }

  toolCall(call: ClientCall) {
    return { request_id: this.requestId, ...ToolCallDto.of(call) };
  }

  done(result: ChatResult): object {
    return chatDone(result, this.requestId);
  }

  error(problem: Problem): { request_id: string; problem: ProblemDocument } {
    return { request_id: this.requestId, problem: this.problem(problem) };
  }

  /** A frame has no headers, so the document carries `retry_after`. */
  problem(problem: Problem): ProblemDocument {
    const { retryAfter } = problem.options;
    const document = problemDocument(problem, this.instance, this.requestId);
    return retryAfter === undefined ? document : { ...document, retry_after: retryAfter };
  }
}
