import { z } from 'zod';

export const FindingShape = z.object({
  path: z.string(),
  line: z.number().int().min(1),
  severity: z.enum(['error', 'warning']),
  rule: z.string(),
  message: z.string(),
});

/** Something that is wrong in a file. Lines count from 1. */
export type Finding = z.infer<typeof FindingShape>;

/** A file as checks read it. */
export interface SourceText {
  readonly path: string;
  readonly content: string;
}

/** A file that has more is not parsed: it would block the process for too long. */
export const MAX_PARSED_BYTES = 131_072;
