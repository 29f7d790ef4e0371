import { z } from 'zod';
import { serverTool, type ServerTool } from './tool';

export const MAX_MEMORY_LENGTH = 4_000;

/** The tool by which an agent with memory keeps a fact for later conversations; `keep` stores it under `id` once. */
export function rememberTool(keep: (content: string, id: string) => Promise<unknown>): ServerTool {
  return serverTool(
    'remember',
    'Keeps a fact about the user for later conversations: a preference, a name, a decision. Only what the user has said and will still matter.',
    z.object({
      content: z.string().trim().min(1).max(MAX_MEMORY_LENGTH).describe('The fact, in one or two sentences'),
    }),
    ({ content }, id) => keep(content, id),
  );
}

export const REMEMBER_TOOL = rememberTool(() => Promise.resolve(undefined));
