import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { entryLimit } from '@adiuva/platform';

interface HostState {
  inFlight: number;
  /** Whether its last call was answered. */
  answers: boolean;
  /** Calls that were refused since its last answer. */
  refused: number;
}

/** The answer of a call; or, where none was made, after how long it may be tried again. */
export type HostResult<T> = { readonly answer: T } | { readonly afterMs: number };

const MAX_HOSTS = 10_000;
const MAX_UNPROVEN = 2;
const MIN_DEFERRAL_MS = 1_000;
const MAX_DEFERRAL_MS = 60_000;
/** With each refused call, so that thousands of steps to a silent host are not claimed every second, before those of others. */
const DEFERRAL_STEP_MS = 10;

/**
 * An endpoint is a URL of a user's: a host that does not answer must not hold the places of the others. One that has not answered
 * its last call gets two calls at a time.
 */
@Injectable()
export class PushHosts {
  private readonly hosts = new LRUCache<string, HostState>(entryLimit(MAX_HOSTS));

  /** Makes no call where the host has its share of calls in flight. */
  async run<T>(host: string, call: () => Promise<T>): Promise<HostResult<T>> {
    const state = this.hosts.get(host) ?? { inFlight: 0, answers: false, refused: 0 };
    this.hosts.set(host, state);
    if (!state.answers && state.inFlight >= MAX_UNPROVEN) {
      const afterMs = Math.min(MAX_DEFERRAL_MS, MIN_DEFERRAL_MS + state.refused * DEFERRAL_STEP_MS);
      state.refused += 1;
      return { afterMs };
    }
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
      state.inFlight -= 1;
    }
  }
}
