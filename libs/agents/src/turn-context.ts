import type { Principal } from '@adiuva/kernel';
import type { ChatContext } from './chat-context';
import type { ClientToolResult, Journal } from './journal';

/** A read tool that the client is asked to carry out on the data that only it has. */
export interface ClientToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Answers in the order of the questions. May throw to stop the work, where the client answers in a request of its own. */
export type ClientToolExecutor = (questions: readonly ClientToolCall[]) => Promise<readonly ClientToolResult[]>;

/** Takes what is said, piece by piece. A promise asks the speaker to wait, `false` to stop. */
export type TokenSink = (text: string) => Promise<void> | undefined | false;

/** One message of a user while it is answered, whoever works on it. */
export interface TurnContext {
  readonly caller: Principal;
  readonly context: ChatContext;
  readonly now: Date;
  readonly journal: Journal;
  /** Absent where read tools look only in the context. */
  readonly askClient?: ClientToolExecutor | undefined;
  readonly signal: AbortSignal;
}
