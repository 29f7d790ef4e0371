import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { entryLimit } from '@adiuva/platform';
import type { Socket } from 'socket.io';
import { Problem } from '@adiuva/kernel';
import { acceptedId } from '../edge/http/request-id.middleware';
import { ChatFrames } from './chat-frames';
import type { Acknowledge } from './send-ack';

/** Enough for a hundred concurrent chats, each disconnected and resumed a few times. */
const BURST = 600;
const REFILL_PER_SECOND = 10;
const EVENTS: ReadonlySet<string> = new Set(['chat:send', 'chat:cancel', 'chat:resume', 'auth:renew']);
const MAX_REFUSED = 1_000;
const MAX_USERS = 100_000;

interface Allowance {
  left: number;
  at: number;
}

/**
 * Bounds the frames of a user that the tier does not count: `chat:cancel`, `chat:resume`, `auth:renew`, chats that the tier refuses or
 * has not admitted yet, and unknown events. Frames beyond the limit are refused before they are parsed, and a socket that continues
 * regardless is closed, so that a flood costs no more than its bytes. Each process counts on its own.
 */
@Injectable()
export class FrameRateLimit {
  private readonly allowances = new LRUCache<string, Allowance>(entryLimit(MAX_USERS));

  guard(socket: Socket, userId: string): void {
    let refused = 0;
    socket.use((packet, next) => {
      if (this.consume(userId)) {
        if (EVENTS.has(packet[0])) next();
        else answer(socket, packet, new Problem('malformed_request', { detail: 'There is no such event' }));
        return;
      }
      refused += 1;
      if (refused > MAX_REFUSED) socket.disconnect(true);
      else answer(socket, packet, new Problem('rate_limited', { retryAfter: 1 }));
    });
  }

  /** A chat that the tier has admitted counts against the tier alone; until then it counts as a frame. */
  refund(userId: string): void {
    const allowance = this.allowances.get(userId);
    if (allowance) allowance.left = Math.min(BURST, allowance.left + 1);
  }

  private consume(userId: string): boolean {
    const now = performance.now();
    const allowance = this.allowances.get(userId) ?? { left: BURST, at: now };
    allowance.left = Math.min(BURST, allowance.left + ((now - allowance.at) / 1_000) * REFILL_PER_SECOND);
    allowance.at = now;
    this.allowances.set(userId, allowance);
    if (allowance.left < 1) return false;
    allowance.left -= 1;
    return true;
  }
}

function answer(socket: Socket, packet: readonly unknown[], problem: Problem): void {
  const ack = packet.at(-1);
  if (!isAcknowledge(ack)) return;
  const frames = new ChatFrames(acceptedId(undefined), socket.nsp.name);
  ack({ ok: false, problem: frames.problem(problem) });
}

function isAcknowledge(value: unknown): value is NonNullable<Acknowledge> {
  return typeof value === 'function';
}
