import { z } from 'zod';

/** The kinds of arguments that the agents' tools share. Descriptions are read by the model. */
export const id = (about: string) => z.string().min(1).max(256).describe(about);
export const title = (about: string) => z.string().trim().min(1).max(500).describe(about);
export const longText = (about: string) => z.string().max(100_000).describe(about);
export const flag = (about: string) => z.boolean().describe(about);

/** Milliseconds since 1970. Some models write an ISO date however they are asked; that is understood too. */
export const time = (about: string) =>
  z
    .preprocess(
      (raw) => (typeof raw === 'string' && !Number.isNaN(Date.parse(raw)) ? Date.parse(raw) : raw),
      z.int().min(-1).max(253_402_300_799_999),
    )
    .describe(about);

export const taskStatus = z.enum(['todo', 'in_progress', 'done']);
export const taskPriority = z.enum(['high', 'medium', 'low']);
export const projectStatus = z.enum(['active', 'archived']);
