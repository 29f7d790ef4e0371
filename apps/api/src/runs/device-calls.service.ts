import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import { ChatConfig } from '@adiuva/chat';
import { newId } from '@adiuva/kernel';
import { Log } from '@adiuva/platform';
import { RunQuestions, type DeviceAnswer, type DeviceQuestion, type StepOfUser } from '@adiuva/runs';

const Ack = z.union([
  z.looseObject({ ok: z.literal(true), result: z.unknown() }),
  z.looseObject({ ok: z.literal(false), error: z.string().max(1_000) }),
]);

/** What a client answers that is connected for chats alone: another device is asked. */
const NOT_SERVING = 'not_serving';

/** Beyond the time for an answer: what storing it may take. */
const HOLD_MS = 5_000;

export interface AskedStep {
  readonly runId: string;
  readonly node: number;
}

/** Gives the user's devices that are connected to this node. */
export type ConnectedDevices = () => Promise<readonly Socket[]>;

/**
 * Asks devices, by `run:tool_call`, to run read tools for a step: one at a time over all nodes, until one answers. Without an answer the step
 * waits for the next device that connects.
 */
@Injectable()
export class DeviceCalls implements OnApplicationShutdown {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly questions: RunQuestions,
    private readonly config: ChatConfig,
    private readonly log: Log,
  ) {}

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** Of one step, or all that the user's steps wait for. With `abandoned` only what another node has left without an end. */
  async ask(userId: string, devices: ConnectedDevices, only?: AskedStep, abandoned = false): Promise<void> {
    const connected = await devices();
    if (connected.length === 0) return;
    for (const question of await this.questions.pending(userId, only)) {
      const step = { userId, runId: question.runId, node: question.node };
      const holder = newId();
      if (await this.questions.claim(step, holder, this.holdMs, abandoned)) {
        await this.askEach(step, question, connected, holder);
      } else if (!abandoned) {
        this.askWhenAbandoned(step, devices);
      }
    }
  }

  private async askEach(
    step: StepOfUser,
    question: DeviceQuestion,
    devices: readonly Socket[],
    holder: string,
  ): Promise<void> {
    const tried: string[] = [];
    for (const device of devices) {
      if (!(await this.questions.claim(step, holder, this.holdMs))) return;
      const answers = await this.askOne(device, question);
      if (answers) return void (await this.questions.answer(step.userId, question, answers));
      tried.push(device.id);
    }
    await this.questions.release(step, holder, tried);
  }

  private get holdMs(): number {
    return this.config.CHAT_CLIENT_TIMEOUT_MS + HOLD_MS;
  }

  /** Another node asks its devices. If it dies meanwhile, those of this one are asked. */
  private askWhenAbandoned({ userId, ...step }: StepOfUser, devices: ConnectedDevices): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.ask(userId, devices, step, true).catch((error: unknown) => this.log.warn('device_calls_failed', { error }));
    }, this.holdMs + HOLD_MS).unref();
    this.timers.add(timer);
  }

  private async askOne(socket: Socket, { runId, calls }: DeviceQuestion): Promise<DeviceAnswer[] | undefined> {
    const asked = calls.map(async ({ callId, name, arguments: args }): Promise<DeviceAnswer | undefined> => {
      const frame = { run_id: runId, call_id: callId, name, arguments: args };
      const answer: unknown = await socket
        .timeout(this.config.CHAT_CLIENT_TIMEOUT_MS)
        .emitWithAck('run:tool_call', frame)
        .catch(() => undefined);
      const parsed = Ack.safeParse(answer);
      if (!parsed.success || (!parsed.data.ok && parsed.data.error === NOT_SERVING)) return undefined;
      return parsed.data.ok ? { result: parsed.data.result ?? null } : { error: parsed.data.error };
    });
    const answers = (await Promise.all(asked)).filter((answer) => answer !== undefined);
    return answers.length === calls.length ? answers : undefined;
  }
}
