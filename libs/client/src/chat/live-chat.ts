import type { ChatResponseDto, ExecutionPlanDto } from '../generated/types.gen';
import { problemOf } from '../api/problem';
import { randomBytes, toBase64Url } from '../crypto/bytes';
import type { ChatEvent } from './chat-event';
import type { ToolAnswer, ToolExecutor } from './chat-tools';
import type { EventQueue } from './event-queue';

/** Any frame of the server about a chat. */
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

/** One running chat: its next token, and its reader. */
export class LiveChat {
  nextIndex = 0;
  /** Shown again to resume; new for each chat, so that a server cannot read what another one has stored of it. */
  readonly resumeKey = toBase64Url(randomBytes(32));
  /** By the server, so that a cut connection is a reason to resume. */
  accepted = false;

  constructor(
    readonly id: string,
    private readonly events: EventQueue<ChatEvent>,
    private readonly executor: ToolExecutor,
    private readonly onEnd: () => void,
  ) {}

  started(): void {
    this.accepted = true;
  }

  take(kind: 'token' | 'done' | 'error', frame: ServerFrame): void {
    if (kind === 'token') this.token(frame);
    else if (kind === 'done') this.done(frame);
    else this.fail(problemOf(0, frame.problem));
  }

  toolCall({ call_id = '', name = '', arguments: input = {} }: ServerFrame): Promise<ToolAnswer> {
    return this.executor.answer(call_id, name, input);
  }

  /** Ends the stream with `error`, after the events that came before it. */
  fail(error: unknown): void {
    this.events.fail(error);
    this.onEnd();
  }

  /** The reader has left. */
  end(): void {
    this.events.close();
    this.onEnd();
  }

  /** Tokens come without a hole; one that was seen before a reconnect is skipped. */
  private token({ index, text }: ServerFrame): void {
    if (index !== this.nextIndex || text === undefined) return;
    this.nextIndex += 1;
    this.events.push({ type: 'token', index, text });
  }

  private done({ response, actions, agent, usage, plan, request_id }: ServerFrame): void {
    const answer = { response, actions, agent, usage, plan };
    const present = Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));
    this.events.push({ type: 'done', request_id, ...present });
    this.end();
  }
}
