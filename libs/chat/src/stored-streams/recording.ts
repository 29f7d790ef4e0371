import type { Problem } from '@adiuva/kernel';
import type { ChatResult } from '../chat-request';
import type { ChatStream, ClientCall, StreamListener, StreamRecorder } from '../chat-stream';
import type { RemoteListener } from './remote-listener';
import type { StreamCipher } from './stream-cipher';
import type { StreamEvent } from './stream-event';
import type { NewPart } from './stored-streams.store';

/** Attaches a listener to a running stream from a token on; returns the function that detaches it. */
export type Attach = (
  stream: ChatStream<ChatResult>,
  listener: StreamListener<unknown>,
  from: number,
) => (() => void) | undefined;

/** Collects the events of a stream of this node until they are stored. */
export class Recording implements StreamRecorder<ChatResult> {
  /** The client's connection to another node, while that is how it follows. */
  remote: { readonly listener: RemoteListener; readonly detach: () => void } | undefined;
  ended = false;
  private readonly calls: string[] = [];
  private events: StreamEvent[] = [];
  private seq = 0;

  constructor(
    readonly id: string,
    readonly userId: string,
    readonly stream: ChatStream<ChatResult>,
    /** Undefined where the client gave no key: then nothing but the existence of the chat is stored. */
    readonly cipher: StreamCipher | undefined,
    readonly attach: Attach,
    private readonly onEvent: () => void,
  ) {}

  token(index: number, text: string): void {
    const last = this.events.at(-1);
    if (last?.type === 'tokens') last.texts.push(text);
    else this.add({ type: 'tokens', from: index, texts: [text] });
  }

  ask(call: ClientCall): void {
    this.add({ type: 'call', number: this.calls.push(call.callId) - 1, call: { ...call } });
  }

  answered(callId: string): void {
    this.add({ type: 'answered', callId });
  }

  done(result: ChatResult): void {
    this.ended = true;
    this.add({ type: 'done', result });
  }

  failed({ code, options: { cause: _, ...options } }: Problem): void {
    this.ended = true;
    this.add({ type: 'failed', code, options });
  }

  /** Whether an answer of the client may arrive through another node. */
  get hasCalls(): boolean {
    return this.calls.length > 0 && !this.ended;
  }

  callId(number: number): string | undefined {
    return this.calls[number];
  }

  /** The events since the last call as one part; undefined where there is none. */
  takePart(): NewPart | undefined {
    const { events, cipher } = this;
    if (!cipher || events.length === 0) return undefined;
    this.events = [];
    const seq = this.seq;
    this.seq += 1;
    return { streamId: this.id, seq, sealed: cipher.seal(events, this.id, `server|${seq}`) };
  }

  private add(event: StreamEvent): void {
    if (!this.cipher && !this.ended) return;
    this.events.push(event);
    this.onEvent();
  }
}
