import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { entryLimit } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';

interface HostState {
  inFlight: number;
  /** Whether its last call was answered. */
  answers: boolean;
  /** Calls that were refused since its last answer. */
  refused: number;
}

interface UserState {
  inFlight: number;
  /** When the last of the calls that were put off may be made, by `performance.now()`. */
  nextAt: number;
}

/** Whose call it is, and to which host. */
export interface PushCall {
  readonly userId: string;
  readonly host: string;
}

/** The answer of a call; or, where none was made, after how long it may be tried again. */
export type HostResult<T> = { readonly answer: T } | { readonly afterMs: number };

const MAX_HOSTS = 10_000;
const MAX_USERS = 10_000;
const MAX_UNPROVEN = 2;
/** The share of the places that one user may have, over all hosts. */
const SHARE_OF_USER = 0.25;
const MIN_DEFERRAL_MS = 1_000;
const MAX_DEFERRAL_MS = 60_000;
/** With each refused call, so that thousands of steps to a silent host are not claimed every second, before those of others. */
const DEFERRAL_STEP_MS = 10;
/** Between calls of one user that are put off, so that claiming them again costs little however many they are. */
const USER_STEP_MS = 50;

/**
 * An endpoint is a URL of a user's: a host that does not answer, or answers slowly, must not hold the places of the others. One that has not
 * answered its last call gets two calls at a time; a user, whose hosts may be many, a quarter of the places.
 */
@Injectable()
export class PushHosts {
  private readonly hosts = new LRUCache<string, HostState>(entryLimit(MAX_HOSTS));
  private readonly users = new LRUCache<string, UserState>(entryLimit(MAX_USERS));
  private readonly maxOfUser: number;

  constructor({ NOTIFICATIONS_CONCURRENCY: places }: NotificationsConfig) {
    this.maxOfUser = Math.ceil(places * SHARE_OF_USER);
  }

  /** Makes no call where the host or the user has its share of calls in flight. */
  async run<T>({ userId, host }: PushCall, call: () => Promise<T>): Promise<HostResult<T>> {
    const user = this.users.get(userId) ?? { inFlight: 0, nextAt: 0 };
    this.users.set(userId, user);
    if (user.inFlight >= this.maxOfUser) return { afterMs: putOff(user) };
    const state = this.hosts.get(host) ?? { inFlight: 0, answers: false, refused: 0 };
    this.hosts.set(host, state);
    if (!state.answers && state.inFlight >= MAX_UNPROVEN) {
      const afterMs = Math.min(MAX_DEFERRAL_MS, MIN_DEFERRAL_MS + state.refused * DEFERRAL_STEP_MS);
      state.refused += 1;
      return { afterMs };
    }
    user.inFlight += 1;
    state.inFlight += 1;
    try {
      const answer = await call();
      state.answers = true;
      state.refused = 0;
      return { answer };
    } catch (error) {
      state.answers = false;
      throw error;
    } finally {
      user.inFlight -= 1;
      state.inFlight -= 1;
    }
  }
}

/** One after the other. */
function putOff(user: UserState): number {
  const now = performance.now();
  user.nextAt = Math.max(now + MIN_DEFERRAL_MS, user.nextAt + USER_STEP_MS);
  return user.nextAt - now;
}
