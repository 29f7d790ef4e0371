import type { Command } from './command';
import type { Item } from './context';
import type { Named } from './names';
import type { Period } from './period';
import type { Priority, Status } from './slots';

/** All that a clause says, in plain values; which of it a tool takes is the tool's schema's business. */
export interface Request {
  readonly command: Command;
  readonly title?: string | undefined;
  readonly content?: string | undefined;
  readonly description?: string | undefined;
  readonly priority?: Priority | undefined;
  readonly status?: Status | 'archived' | 'active' | undefined;
  readonly people?: readonly string[] | undefined;
  readonly due?: number | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly location?: string | undefined;
  readonly project?: Named | undefined;
  readonly client?: Named | undefined;
  readonly order?: string | undefined;
  readonly approved?: boolean | undefined;
  readonly period?: Period | undefined;
  readonly archivedToo?: boolean | undefined;
  readonly search?: string | undefined;
  /** What an existing thing is called, where the clause is about one. */
  readonly reference?: string | undefined;
  readonly target?: Item | undefined;
}
