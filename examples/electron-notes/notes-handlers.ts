import { ApiProblem, ClientError } from '@adiuva/client';
import { NotesCore, type CoreOptions } from './notes-core';

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** Errors lose their members on the way to a window, so an answer has them as values. */
export type Answer =
  { readonly value: unknown } | { readonly error: { readonly code: string; readonly message: string } };

/** `notes` changed on another device, or a piece of the assistant's `answer` arrived. */
export type Notify = (event: 'notes' | 'answer', value: unknown) => void;

/** What a window may ask of the main process, by channel. A window sees neither keys nor tokens. */
export function notesHandlers(options: CoreOptions, notify: Notify) {
  let core: Promise<NotesCore> | undefined;
  let open: (() => Promise<NotesCore>) | undefined;

  /** Opened once, with the first use, because a new account needs a plan with storage before it. A failed one is opened again. */
  async function notes(): Promise<NotesCore> {
    const device = (core ??= opened());
    try {
      return await device;
    } catch (error) {
      if (core === device) core = undefined;
      throw error;
    }
  }

  async function opened(): Promise<NotesCore> {
    if (!open) throw new RangeError('Sign in first');
    const device = await open();
    await device.sync();
    device.onChange(() => notify('notes', null));
    return device;
  }

  async function ask(message: string): Promise<unknown> {
    let actions: unknown;
    for await (const event of await (await notes()).ask(message)) {
      if (event.type === 'token') notify('answer', event.text);
      else ({ actions } = event);
    }
    return actions ?? [];
  }

  async function save(text: string): Promise<void> {
    const device = await notes();
    await device.save([text]);
    await device.sync();
  }

  const handlers = {
    signUp: async (account: Account) => {
      const created = await NotesCore.signUp(options, account);
      ({ open } = created);
      return created.recoveryWords;
    },
    signIn: async (account: Account) => {
      ({ open } = await NotesCore.signIn(options, account));
      await notes();
    },
    list: async () => (await notes()).notes(),
    search: async (question: string) => (await notes()).search(question),
    backUp: async () => (await notes()).backUp(),
    readBackup: async () => (await notes()).readBackup(),
    save,
    ask,
    close: async () => (await core?.catch(() => undefined))?.close(),
  };
  return handlers;
}

export type NotesHandlers = ReturnType<typeof notesHandlers>;

/** Never rejects. */
export async function answerOf(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await work() };
  } catch (error) {
    const code = error instanceof ApiProblem ? error.code : error instanceof ClientError ? error.name : 'failed';
    return { error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}
