import type { ChatResult, ChatStream } from '@adiuva/chat';
import type { EdgeResponse } from '../edge/principal';

/** The outcome of a stream that one waiting client alone wants: when the client goes, the stream is cancelled. */
export async function untilGone(response: EdgeResponse, stream: ChatStream<ChatResult>): Promise<ChatResult> {
  const gone = (): void => stream.cancel();
  response.once('close', gone);
  try {
    return await stream.outcome();
  } finally {
    response.off('close', gone);
  }
}
