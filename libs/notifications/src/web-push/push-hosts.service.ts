import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { entryLimit } from '@adiuva/platform';

interface HostState {
  inFlight: number;
  /** Whether its last call was answered. */
  answers: boolean;
}

const MAX_HOSTS = 10_000;
const MAX_UNPROVEN = 2;

/**
 * An endpoint is a URL of a user's: a host that does not answer must not hold the places of the others. One that has not answered
 * its last call gets two calls at a time.
 */
@Injectable()
export class PushHosts {
  private readonly hosts = new LRUCache<string, HostState>(entryLimit(MAX_HOSTS));

  /** The result of `call`; undefined, without a call, where the host has its share of calls in flight. */
  async run<T>(host: string, call: () => Promise<T>): Promise<T | undefined> {
    const state = this.hosts.get(host) ?? { inFlight: 0, answers: false };
    this.hosts.set(host, state);
    if (!state.answers && state.inFlight >= MAX_UNPROVEN) return undefined;
    state.inFlight += 1;
    try {
      const result = await call();
      state.answers = true;
      return result;
    } catch (error) {
      state.answers = false;
      throw error;
    } finally {
      state.inFlight -= 1;
    }
  }
}
