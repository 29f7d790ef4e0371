import { Problem } from '@adiuva/kernel';

/**
 * `streaming`: a single request is in progress. `open`: takes chunks. `completing`: the whole is being verified. `completed`: it is a backup.
 * `gone`: aborted, expired or refused; such an upload has no row and is like one that never was.
 */
export type UploadState = 'streaming' | 'open' | 'completing' | 'completed' | 'gone';

export type UploadEvent =
  /** A chunk was verified and stored. */
  | 'chunk'
  /** The client says that everything is there. */
  | 'complete'
  /** The whole has its checksum. */
  | 'verified'
  /** The whole has another checksum than promised, or the one body failed. */
  | 'refused'
  /** Verifying broke off for a reason that may pass. */
  | 'interrupted'
  | 'abort'
  | 'expire';

const NEXT: Readonly<Record<UploadState, Partial<Record<UploadEvent, UploadState>>>> = {
  streaming: { verified: 'completed', refused: 'gone', interrupted: 'gone', expire: 'gone' },
  open: { chunk: 'open', complete: 'completing', abort: 'gone', expire: 'gone' },
  completing: { verified: 'completed', refused: 'gone', interrupted: 'open', complete: 'completing', expire: 'open' },
  completed: { complete: 'completed', expire: 'gone' },
  gone: {},
};

/** The state after an event. @throws `not_found` when the upload is gone, `conflict` when the event does not fit its state */
export function nextUploadState(state: UploadState, event: UploadEvent): UploadState {
  const next = NEXT[state][event];
  if (next !== undefined) return next;
  if (state === 'gone') throw new Problem('not_found');
  throw new Problem('conflict', { detail: REFUSALS[state] });
}

const REFUSALS: Readonly<Record<Exclude<UploadState, 'gone'>, string>> = {
  streaming: 'This upload is one body and takes no chunks',
  open: 'This upload is still open',
  completing: 'This upload is being completed',
  completed: 'This upload has become a backup',
};
