import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** What may be true of a record after the last thing that was tried: null for "deleted, or never there". */
type State = { readonly version: number; readonly checksum: string } | null;

export interface ChaosUser {
  readonly id: string;
  readonly token: string;
}

/**
 * A client that writes records of its own, one thing at a time, and keeps a ledger: of each record, the states that its answers
 * allow. An acknowledged write allows one; one without an answer, or refused by a 5xx, allows the old and the new.
 */
export class Writer {
  readonly states = new Map<string, State[]>();
  readonly acknowledged: { readonly id: string; readonly version: number; readonly deleted: boolean }[] = [];
  readonly faults: string[] = [];
  readonly outcomes = new Map<string, number>();
  private readonly ids = Array.from({ length: 6 }, () => randomUUID());

  constructor(
    private readonly user: ChaosUser,
    private readonly urlOfNode: () => string,
  ) {}

  async step(): Promise<void> {
    const id = this.ids[randomInt(this.ids.length)] ?? '';
    const states = this.states.get(id) ?? [null];
    // Where the truth is not known, look before the next write, as a client would.
    if (states.length > 1) return this.look(id);
    const [state = null] = states;
    const dice = randomInt(10);
    if (dice < 3) return this.look(id);
    if (state && dice < 4) return this.write(id, states, null, 'DELETE', `/storage/records/${id}`);
    const bytes = randomBytes(dice === 9 ? 200_000 : randomInt(5_000));
    const next = { version: 0, checksum: sha256(bytes) };
    if (state) return this.write(id, states, next, 'PUT', `/storage/records/${id}`, bytes);
    return this.write(id, states, next, 'POST', '/storage/records', bytes);
  }

  /** Holds what the server gives against the ledger; a definite answer leaves one state. */
  async look(id: string): Promise<void> {
    const allowed = this.states.get(id) ?? [null];
    const answer = await this.call('GET', `/storage/records/${id}`).catch(() => null);
    if (answer === null || answer.status >= 500) return;
    if (answer.status === 404) {
      if (!allowed.includes(null)) this.faults.push(`I1: ${id} is gone`);
      this.states.set(id, [null]);
      return;
    }
    const checksum = sha256(answer.bytes);
    if (checksum !== answer.headers.get('x-checksum'))
      this.faults.push(`I2: ${id} came with bytes that do not match X-Checksum`);
    if (!allowed.some((state) => state?.checksum === checksum))
      this.faults.push(`I1/I3: ${id} has a content that nobody expects`);
    this.states.set(id, [{ version: Number(answer.headers.get('x-version')), checksum }]);
  }

  async call(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(`${this.urlOfNode()}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.user.token}`, ...headers },
      ...(body ? { body: new Uint8Array(body) } : {}),
      signal: AbortSignal.timeout(8_000),
    });
    const known = this.outcomes.get(`${method} ${answer.status}`) ?? 0;
    this.outcomes.set(`${method} ${answer.status}`, known + 1);
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  }

  private async write(
    id: string,
    old: State[],
    next: State,
    method: string,
    path: string,
    body?: Buffer,
  ): Promise<void> {
    const extra: Record<string, string> = method === 'POST' ? { 'X-Record-Id': id, 'X-Table': 'notes' } : {};
    const headers = body ? { 'Content-Type': 'application/octet-stream', 'X-Checksum': sha256(body), ...extra } : extra;
    const answer = await this.call(method, path, body, headers).catch(() => null);
    if (answer && answer.status < 300) {
      const { version = (old[0]?.version ?? 0) + 1 } = JSON.parse(answer.bytes.toString()) as { version?: number };
      this.states.set(id, [next && { ...next, version }]);
      this.acknowledged.push({ id, version, deleted: next === null });
    } else if (answer && answer.status < 500) {
      this.faults.push(`${method} was refused with ${answer.status} ${answer.bytes.toString().slice(0, 200)}`);
    } else {
      if (answer && answer.status !== 503)
        this.faults.push(`${method} was answered ${answer.status} ${answer.bytes.toString().slice(0, 200)}`);
      this.states.set(id, [...old, next]);
    }
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
