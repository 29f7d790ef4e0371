import type { Principal } from '@adiuva/kernel';
import type { ChatContext } from './chat-context';
import type { ClientToolResult, Journal } from './journal';
import type { TurnBudget } from './turn-budget';

/** A read tool that the client runs on the data that only it has. */
export interface ClientToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Results in the order of the calls. Throws to stop the work where the client answers in a later request. */
export type ClientToolExecutor = (questions: readonly ClientToolCall[]) => Promise<readonly ClientToolResult[]>;

/** Takes the text of an answer in pieces. A promise asks the producer to wait, `false` to stop. */
export type TokenSink = (text: string) => Promise<void> | undefined | false;

/** One message of a user while it is answered, shared by all agents that work on it. */
export interface TurnContext {
  readonly caller: Principal;
  readonly context: ChatContext;
  readonly now: Date;
  readonly journal: Journal;
  readonly budget: TurnBudget;
  /** Absent where read tools look only in the context. */
  readonly askClient?: ClientToolExecutor | undefined;
  /** Texts of the user's own that are not in the request, such as the instructions of a custom agent: the leak protection exempts them. */
  readonly addUserTexts: (texts: readonly string[]) => void;
  /** What has to resolve before a model's answer is used: a model may be asked while it is pending. Absent where nothing is pending. */
  readonly admitted?: Promise<void>;
  readonly signal: AbortSignal;
}
