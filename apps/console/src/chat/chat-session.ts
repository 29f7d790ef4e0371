import type { AdiuvaClient, PlanActionDto } from '@adiuva/client';
import type { LocalRecords } from '../records/local-records';
import { currentLanguage } from '../texts/texts';
import { toastError } from '../ui/toasts';
import { carryOut, needsConsent, type Undo } from './actions';
import { clientTools } from './client-tools';
import { CONVERSATIONS, historyOf, newConversation, toRow, type Conversation, type Turn } from './conversation';
import { runStep, type PlanWork } from './plan';

export interface SendOptions {
  readonly agents: readonly string[];
  /** Asks for the steps, and carries out none. */
  readonly isPlan: boolean;
}

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
    this.change({ conversation, error: undefined });
  }

  stop(): void {
    this.abort.abort();
  }

  async send(message: string, options: SendOptions): Promise<void> {
    const history = historyOf(this.state.conversation.turns);
    await this.add({ id: crypto.randomUUID(), role: 'user', text: message });
    await this.attempt(() => this.answer(message, options, history));
  }

  /** All steps of a plan in their order; deleting waits for the user. */
  async carryOutPlan(turnId: string, inputs: Readonly<Record<string, string>>): Promise<void> {
    const plan = this.turn(turnId)?.plan;
    if (!plan) return;
    const outcomes = this.outcomes.get(turnId) ?? [];
    this.outcomes.set(turnId, outcomes);
    await this.attempt(async (signal) => {
      const work = this.workOf(turnId, signal);
      for (const [index, step] of plan.steps.entries()) {
        if (index < outcomes.length) continue;
        signal.throwIfAborted();
        this.change({ step: { turnId, index } });
        const outcome = await runStep(step, inputs, outcomes, work);
        signal.throwIfAborted();
        outcomes.push(outcome);
      }
      await this.replace(turnId, (turn) => ({ ...turn, isCarriedOut: true }));
    });
  }

  async act(turnId: string, index: number): Promise<void> {
    const shown = this.turn(turnId)?.actions?.[index];
    if (!shown) return;
    try {
      const undo = await carryOut(shown.action, this.records, this.client);
      if (undo) this.undos.set(`${turnId} ${index}`, undo);
      await this.setAction(turnId, index, 'done');
    } catch (failure) {
      toastError(failure);
      await this.setAction(turnId, index, 'failed');
    }
  }

  async undo(turnId: string, index: number): Promise<void> {
    const key = `${turnId} ${index}`;
    await this.undos.get(key)?.();
    this.undos.delete(key);
    await this.setAction(turnId, index, 'undone');
  }

  canUndo(turnId: string, index: number): boolean {
    return this.undos.has(`${turnId} ${index}`);
  }

  private workOf(turnId: string, signal: AbortSignal): PlanWork {
    const tools = clientTools(this.records);
    return {
      prompt: async (template, variables) => (await this.client.chat.step(template, variables, signal)).output,
      read: (tool, input) => tools[tool]?.(input, signal) ?? [],
      ask: (agent, message) => this.answer(message, { agents: [agent], isPlan: false }, []),
      act: (action) => {
        signal.throwIfAborted();
        return this.addAction(turnId, action);
      },
    };
  }

  /** Adds the answer as a turn, carries its actions out, and gives its text. */
  private async answer(
    message: string,
    { agents, isPlan }: SendOptions,
    history: ReturnType<typeof historyOf>,
  ): Promise<string> {
    const id = crypto.randomUUID();
    this.change({ streaming: { id, role: 'assistant', text: '' } });
    const user_profile = {
      ...(this.userName === undefined ? {} : { name: this.userName }),
      locale: currentLanguage(),
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
    const request = {
      message,
      context: { user_profile, conversation_history: history },
      ...(agents.length === 0 ? {} : { agents }),
      ...(isPlan ? { execution_mode: 'plan' as const } : {}),
    };
    const { abort } = this;
    const { id: conversationId } = this.state.conversation;
    let text = '';
    try {
      const options = { tools: clientTools(this.records), signal: abort.signal };
      for await (const event of this.client.chats.stream(request, options)) {
        if (event.type === 'token') {
          this.show({ id, role: 'assistant', text: (text += event.text) });
          continue;
        }
        const { agent, plan, actions = [], response = text } = event;
        const named = { ...(agent === undefined ? {} : { agent }), ...(plan === undefined ? {} : { plan }) };
        await this.add({ id, role: 'assistant', text: response, ...named });
        for (const action of actions) await this.addAction(id, action);
        text = response;
      }
    } catch (failure) {
      // What was written before the user stopped it stays.
      if (abort.signal.aborted && text !== '' && this.state.conversation.id === conversationId)
        await this.add({ id, role: 'assistant', text: `${text} …` });
      throw failure;
    } finally {
      cancelAnimationFrame(this.frame);
      this.change({ streaming: undefined });
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
      if (this.abort === abort) this.change({ step: undefined });
    }
  }

  /** Shows at most one text a frame, however many tokens arrive. */
  private show(streaming: Turn): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.change({ streaming }));
  }

  private async addAction(turnId: string, action: PlanActionDto): Promise<void> {
    const index = this.turn(turnId)?.actions?.length ?? 0;
    await this.replace(turnId, (turn) => ({
      ...turn,
      actions: [...(turn.actions ?? []), { action, state: 'waiting' }],
    }));
    if (!needsConsent(action)) await this.act(turnId, index);
  }

  private setAction(turnId: string, index: number, state: 'done' | 'undone' | 'failed'): Promise<void> {
    return this.replace(turnId, (turn) => ({
      ...turn,
      actions: (turn.actions ?? []).map((shown, at) => (at === index ? { ...shown, state } : shown)),
    }));
  }

  private turn(turnId: string): Turn | undefined {
    return this.state.conversation.turns.find(({ id }) => id === turnId);
  }

  private add(turn: Turn): Promise<void> {
    cancelAnimationFrame(this.frame);
    const { turns, title, ...rest } = this.state.conversation;
    const named = title === '' ? turn.text.slice(0, 60) : title;
    return this.keep({ ...rest, title: named, updatedAt: Date.now(), turns: [...turns, turn] });
  }

  private replace(turnId: string, change: (turn: Turn) => Turn): Promise<void> {
    const { conversation } = this.state;
    const turns = conversation.turns.map((turn) => (turn.id === turnId ? change(turn) : turn));
    return this.keep({ ...conversation, turns });
  }

  private async keep(conversation: Conversation): Promise<void> {
    const isWritten = conversation.turns.some(({ id }) => id === this.state.streaming?.id);
    this.change(isWritten ? { conversation, streaming: undefined } : { conversation });
    await this.records.write(CONVERSATIONS, toRow(conversation));
  }

  private change(part: Partial<ChatState>): void {
    this.state = { ...this.state, ...part };
    this.listeners.forEach((listener) => listener());
  }
}
