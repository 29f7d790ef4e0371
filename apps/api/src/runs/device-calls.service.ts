import { Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import { ChatConfig } from '@adiuva/chat';
import { RunQuestions, type DeviceAnswer, type DeviceQuestion } from '@adiuva/runs';

const Ack = z.union([
  z.looseObject({ ok: z.literal(true), result: z.unknown() }),
  z.looseObject({ ok: z.literal(false), error: z.string().max(1_000) }),
]);

/** What a client answers that is connected for chats alone: another device is asked. */
const NOT_SERVING = 'not_serving';

/** Asks a device, by `run:tool_call`, to run read tools for a step. Without an answer the step waits for the next device that connects. */
@Injectable()
export class DeviceCalls {
  constructor(
    private readonly questions: RunQuestions,
    private readonly config: ChatConfig,
  ) {}

  /** False where the device has not answered all. */
  async ask(socket: Socket, userId: string, only?: { runId: string; node: number }): Promise<boolean> {
    for (const question of await this.questions.pending(userId, only)) {
      const answers = await this.askOne(socket, question);
      if (answers === undefined) return false;
      await this.questions.answer(userId, question, answers);
    }
    return true;
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
