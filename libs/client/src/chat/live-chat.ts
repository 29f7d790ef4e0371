import type { ChatResponseDto, ExecutionPlanDto } from '../generated/types.gen';
import type { ChatEvent } from './chat-event';
import type { ToolAnswer, ToolExecutor } from './chat-tools';
import type { EventQueue } from './event-queue';

/** Any frame of the server's about a chat. */
export interface ServerFrame extends Partial<Omit<ChatResponseDto, 'request_id'>> {
  readonly request_id: string;
  readonly index?: number;
  readonly text?: string;
  readonly plan?: ExecutionPlanDto;
  readonly problem?: unknown;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** One chat under way: where its tokens have got to, and who reads them. */
export class LiveChat {
  nextIndex = 0;
  private accepted = false;

  constructor(
    readonly id: string,
    private readonly events: EventQueue<ChatEvent>,
    private readonly desk: ToolExecutor,
    private readonly onEnd: () => void,
  ) {}

  /** Accepted by the server, so that a cut connection is a reason to resume. */
  get underWay(): boolean {
    return this.accepted;
  }

  started(): void {
    this.accepted = true;
  }

  /** Tokens come without a hole; one that was seen before a reconnect is passed over. */
  token({ index, text }: ServerFrame): void {
    if (index !== this.nextIndex || text === undefined) return;
    this.nextIndex += 1;
    this.events.push({ type: 'token', index, text });
  }

  done({ response, actions, agent, usage, finish_reason, plan, request_id }: ServerFrame): void {
    const answer = { response, actions, agent, usage, finish_reason, plan };
    const present = Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));
    this.events.push({ type: 'done', request_id, ...present });
    this.end();
  }

  toolCall({ call_id = '', name = '', arguments: input = {} }: ServerFrame): Promise<ToolAnswer> {
    return this.desk.answer(call_id, name, input);
  }

  fail(error: unknown): void {
    this.events.fail(error);
    this.end();
  }

  end(): void {
    this.events.close();
    this.onEnd();
  }
}
