import { nextUploadState, type UploadEvent, type UploadState } from '@adiuva/backup';

const STATES: readonly UploadState[] = ['streaming', 'open', 'completing', 'completed', 'gone'];
const EVENTS: readonly UploadEvent[] = ['chunk', 'complete', 'verified', 'refused', 'interrupted', 'abort', 'expire'];

const outcome = (state: UploadState, event: UploadEvent): string => {
  try {
    return nextUploadState(state, event);
  } catch (error) {
    return error instanceof Error && 'code' in error ? `! ${String(error.code)}` : '!';
  }
};

describe('the states of an upload', () => {
  it('are what they are', () => {
    expect(
      Object.fromEntries(STATES.map((state) => [state, EVENTS.map((event) => outcome(state, event)).join(', ')])),
    ).toEqual({
      streaming: '! conflict, ! conflict, completed, gone, gone, ! conflict, gone',
      open: 'open, completing, ! conflict, ! conflict, ! conflict, gone, gone',
      completing: '! conflict, completing, completed, gone, open, ! conflict, open',
      completed: '! conflict, completed, ! conflict, ! conflict, ! conflict, ! conflict, gone',
      gone: '! not_found, ! not_found, ! not_found, ! not_found, ! not_found, ! not_found, ! not_found',
    });
  });

  it('never lead back from gone or completed to open', () => {
    for (const event of EVENTS)
      for (const state of ['completed', 'gone'] as const) expect(outcome(state, event)).not.toBe('open');
  });
});
