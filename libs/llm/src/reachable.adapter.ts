import { connect } from 'node:net';
import { timedOut } from './model-fault';
import type { Inlet } from './inlet';
import type { ModelCall, ModelSource } from './model-source.port';

/**
 * A limit on connecting for a client that has none of its own and lets us give it none: beside its question a bare connection to the same
 * place is made, and where that does not stand in time, the question is given up.
 */
export class Reachable implements ModelSource {
  constructor(
    private readonly source: ModelSource,
    private readonly address: URL,
    private readonly connectTimeoutMs: number,
  ) {}

  async ask(call: ModelCall, inlet: Inlet, signal: AbortSignal): Promise<void> {
    const given = new AbortController();
    const probe = connect(portOf(this.address), this.address.hostname);
    const late = setTimeout(() => {
      probe.destroy();
      const fault = timedOut();
      inlet.cut(fault);
      given.abort(fault);
    }, this.connectTimeoutMs);
    const over = (): void => {
      clearTimeout(late);
      probe.destroy();
    };
    // A refusal is the client's to meet, in its own words.
    probe.once('connect', over).once('error', over);
    signal.addEventListener('abort', over, { once: true });
    try {
      await this.source.ask(call, inlet, AbortSignal.any([signal, given.signal]));
    } finally {
      over();
      signal.removeEventListener('abort', over);
    }
  }
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'http:' ? 80 : 443;
}
