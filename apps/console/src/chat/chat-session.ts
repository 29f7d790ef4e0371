import type { AdiuvaClient, ChatRequest, PlanActionDto } from '@adiuva/client';
import type { LocalRecords } from '../records/local-records';
import { toastError } from '../ui/toasts';
import { carryOut, needsConsent, type Undo } from './actions';
import { chatRequest, type SendOptions } from './chat-request';
import { clientTools } from './client-tools';
import {
  CONVERSATIONS,
  fromRow,
  historyOf,
  newConversation,
  toRow,
  type Conversation,
  type Turn,
} from './conversation';
import { runStep, type PlanWork } from './plan';

export interface ChatState {
  readonly conversation: Conversation;
  /** The answer as far as it is written; undefined when none is. It keeps its id as a turn of the conversation. */
  readonly streaming: Turn | undefined;
  /** The step of a plan that is being carried out. */
  readonly step: { readonly turnId: string; readonly index: number } | undefined;
  readonly error: unknown;
}

/** One conversation: its answers are streamed, its actions carried out on the records of this browser. */
export class ChatSession {
  private state: ChatState = {
    conversation: newConversation(),
    streaming: undefined,
    step: undefined,
    error: undefined,
  };
  private abort = new AbortController();
  private frame = 0;
  private readonly undos = new Map<string, Undo>();
  /** Of the steps of a plan, by the id of its turn: after a failure the plan continues behind them. */
  private readonly outcomes = new Map<string, unknown[]>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly client: AdiuvaClient,
    private readonly records: LocalRecords,
    private readonly userName: string | undefined,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly current = (): ChatState => this.state;

  open(conversation: Conversation): void {
    this.abort.abort();
    this.change({ conversation, streaming: undefined, error: undefined });
  }

  stop(): void {
    this.abort.abort();
  }

  async send(message: string, options: SendOptions): Promise<void> {
    const { id, turns } = this.state.conversation;
    await this.attempt(async (signal) => {
      const kept = this.add(id, { id: crypto.randomUUID(), role: 'user', text: message });
      this.change({ streaming: { id: crypto.randomUUID(), role: 'assistant', text: '' } });
      await kept;
      await this.answer(id, chatRequest(message, options, historyOf(turns), this.userName), signal);
    });
  }

  /** All steps of a plan in their order; deleting waits for the user. */
  async carryOutPlan(turnId: string, inputs: Readonly<Record<string, string>>): Promise<void> {
    const { id } = this.state.conversation;
    const plan = this.turn(id, turnId)?.plan;
    if (!plan) return;
    const outcomes = this.outcomes.get(turnId) ?? [];
    this.outcomes.set(turnId, outcomes);
    await this.attempt(async (signal) => {
      const work = this.workOf(id, turnId, signal);
      for (const [index, step] of plan.steps.entries()) {
        if (index < outcomes.length) continue;
        signal.throwIfAborted();
        this.change({ step: { turnId, index } });
        const outcome = await runStep(step, inputs, outcomes, work);
        signal.throwIfAborted();
        outcomes.push(outcome);
      }
      await this.replace(id, turnId, (turn) => ({ ...turn, isCarriedOut: true }));
    });
  }

  async act(turnId: string, index: number, id = this.state.conversation.id): Promise<void> {
    const shown = this.turn(id, turnId)?.actions?.[index];
    if (!shown) return;
    try {
      const undo = await carryOut(shown.action, this.records, this.client);
      if (undo) this.undos.set(`${turnId} ${index}`, undo);
      await this.setAction(id, turnId, index, 'done');
    } catch (failure) {
      toastError(failure);
      await this.setAction(id, turnId, index, 'failed');
    }
  }

  async undo(turnId: string, index: number): Promise<void> {
    const key = `${turnId} ${index}`;
    const { id } = this.state.conversation;
    await this.undos.get(key)?.();
    this.undos.delete(key);
    await this.setAction(id, turnId, index, 'undone');
  }

  canUndo(turnId: string, index: number): boolean {
    return this.undos.has(`${turnId} ${index}`);
  }

  private workOf(id: string, turnId: string, signal: AbortSignal): PlanWork {
    const tools = clientTools(this.records);
    return {
      prompt: async (template, variables) => (await this.client.chat.step(template, variables, signal)).output,
      read: (tool, input) => tools[tool]?.(input, signal) ?? [],
      ask: (agent, message) =>
        this.answer(id, chatRequest(message, { agents: [agent], isPlan: false }, [], this.userName), signal),
      act: (action) => {
        signal.throwIfAborted();
        return this.addAction(id, turnId, action);
      },
    };
  }

  /** Adds the answer as a turn, carries its actions out, and gives its text. */
  private async answer(conversationId: string, request: ChatRequest, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const id = crypto.randomUUID();
    this.change({ streaming: { id, role: 'assistant', text: '' } });
    let text = '';
    try {
      const options = { tools: clientTools(this.records), signal };
      for await (const event of this.client.chats.stream(request, options)) {
        if (event.type === 'token') {
          this.show({ id, role: 'assistant', text: (text += event.text) });
          continue;
        }
        const { agent, plan, actions = [], response = text } = event;
        const named = { ...(agent === undefined ? {} : { agent }), ...(plan === undefined ? {} : { plan }) };
        await this.add(conversationId, { id, role: 'assistant', text: response, ...named });
        for (const action of actions) await this.addAction(conversationId, id, action);
        text = response;
      }
    } catch (failure) {
      // What was written before the user stopped it stays.
      if (signal.aborted && text !== '' && this.state.conversation.id === conversationId)
        await this.add(conversationId, { id, role: 'assistant', text: `${text} …` });
      throw failure;
    } finally {
      cancelAnimationFrame(this.frame);
      if (this.state.streaming?.id === id) this.change({ streaming: undefined });
    }
    return text;
  }

  /** What the user stops is no error. */
  private async attempt(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    this.change({ error: undefined });
    try {
      await work(abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.change({ error });
    } finally {
      // Another attempt may have begun meanwhile.
      if (this.abort === abort) this.change({ step: undefined, streaming: undefined });
    }
  }

  /** Shows at most one text a frame, however many tokens arrive. */
  private show(streaming: Turn): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.change({ streaming }));
  }

  private async addAction(id: string, turnId: string, action: PlanActionDto): Promise<void> {
    const index = this.turn(id, turnId)?.actions?.length ?? 0;
    await this.replace(id, turnId, (turn) => ({
      ...turn,
      actions: [...(turn.actions ?? []), { action, state: 'waiting' }],
    }));
    if (!needsConsent(action)) await this.act(turnId, index, id);
  }

  private setAction(id: string, turnId: string, index: number, state: 'done' | 'undone' | 'failed'): Promise<void> {
    return this.replace(id, turnId, (turn) => ({
      ...turn,
      actions: (turn.actions ?? []).map((shown, at) => (at === index ? { ...shown, state } : shown)),
    }));
  }

  private turn(id: string, turnId: string): Turn | undefined {
    return this.find(id)?.turns.find((turn) => turn.id === turnId);
  }

  /** The open conversation, or one that was left while it was answered; undefined when it was deleted. */
  private find(id: string): Conversation | undefined {
    const { conversation } = this.state;
    if (conversation.id === id) return conversation;
    const row = this.records.row(CONVERSATIONS, id);
    return row && fromRow(row);
  }

  private async add(id: string, turn: Turn): Promise<void> {
    cancelAnimationFrame(this.frame);
    const conversation = this.find(id);
    if (!conversation) return;
    const title = conversation.title === '' ? turn.text.slice(0, 60) : conversation.title;
    await this.keep({ ...conversation, title, updatedAt: Date.now(), turns: [...conversation.turns, turn] });
  }

  private async replace(id: string, turnId: string, change: (turn: Turn) => Turn): Promise<void> {
    const conversation = this.find(id);
    if (!conversation) return;
    const turns = conversation.turns.map((turn) => (turn.id === turnId ? change(turn) : turn));
    await this.keep({ ...conversation, turns });
  }

  private async keep(conversation: Conversation): Promise<void> {
    if (conversation.id === this.state.conversation.id) {
      const isWritten = conversation.turns.some(({ id }) => id === this.state.streaming?.id);
      this.change(isWritten ? { conversation, streaming: undefined } : { conversation });
    }
    await this.records.write(CONVERSATIONS, toRow(conversation));
  }

  private change(part: Partial<ChatState>): void {
    this.state = { ...this.state, ...part };
    this.listeners.forEach((listener) => listener());
  }
}
