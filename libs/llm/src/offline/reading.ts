import { readChange } from './change';
import type { Command } from './command';
import type { Context } from './context';
import { readCreation } from './creation';
import type { Draft } from './draft';
import { readEnquiry } from './enquiry';
import type { Request } from './request';

/** Takes the draft apart; what each step takes, the later ones do not see, so their order matters. */
export function readRequest(draft: Draft, command: Command, context: Context): Request {
  if (command.verbEnd > 0) draft.cut(0, command.verbEnd);
  if (command.act === 'create' || command.act === 'draft') return readCreation(draft, command, context);
  if (command.act === 'update' || command.act === 'delete') return readChange(draft, command, context);
  return readEnquiry(draft, command, context);
}
