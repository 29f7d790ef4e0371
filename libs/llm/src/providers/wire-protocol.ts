import type { Framing, OnMessage } from '../streaming/framing';
import type { ModelCall } from '../streaming/chat-model.port';
import type { ReplyAssembler } from '../streaming/reply-assembler';

/** How a family of providers is asked and answers. */
export interface WireProtocol {
  readonly framing: (onMessage: OnMessage) => Framing;
  /** The body of the request. */
  request(call: ModelCall): object;
  /** Reads the messages of one answer, in their order. Throws for what cannot be one. */
  reader(reply: ReplyAssembler): OnMessage;
}

/** Everything that is needed to call one model. */
export interface ModelEndpoint {
  /** `provider:model` */
  readonly origin: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: WireProtocol;
}
