import type { ProblemDocument } from '@adiuva/kernel';

/** How a frame of the client is acknowledged. */
export type SendAck =
  { readonly ok: true; readonly request_id: string } | { readonly ok: false; readonly problem: ProblemDocument };

export type Acknowledge = ((answer: SendAck) => void) | undefined;
