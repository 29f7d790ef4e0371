import { z } from 'zod';

/** The kinds of arguments that the agents' tools share. Descriptions are read by the model. */
export const id = (about: string) => z.string().min(1).max(256).describe(about);
export const title = (about: string) => z.string().trim().min(1).max(500).describe(about);
export const longText = (about: string) => z.string().max(100_000).describe(about);
export const flag = (about: string) => z.boolean().describe(about);
export const searchWords = (about: string) => z.string().max(500).describe(about);

/** "Leave as it is" in an update; in a create the same as absent. */
export const UNCHANGED = -1;
/** Dates outside of these are mistakes of a model, such as seconds for milliseconds. */
const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const MAX_TIME = 253_402_300_799_999;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}/;

/** Milliseconds since 1970 as a filter. An ISO date is accepted too, because some models write one. */
export const moment = (about: string) =>
  z.preprocess(toMilliseconds, z.int().min(UNCHANGED).max(MAX_TIME)).describe(about);

/** Milliseconds since 1970 as a value of a record. */
export const time = (about: string) =>
  z
    .preprocess(toMilliseconds, z.int())
    .refine((value) => value === UNCHANGED || (value >= EARLIEST && value < LATEST), 'is no plausible date')
    .describe(about);

/** Names of people as a JSON-encoded array; an array or a plain list of a model is encoded. */
export const people = (about: string) => z.preprocess(encodeNames, z.string().max(4_000)).describe(about);

export const taskStatus = z.enum(['todo', 'in_progress', 'done']);
export const taskPriority = z.enum(['high', 'medium', 'low']);
export const projectStatus = z.enum(['active', 'archived']);

function toMilliseconds(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  if (/^-?\d+$/.test(raw)) return Number(raw);
  return ISO_DATE.test(raw) ? Date.parse(raw) : raw;
}

function encodeNames(raw: unknown): unknown {
  const names: readonly unknown[] | undefined = Array.isArray(raw)
    ? raw
    : typeof raw === 'string'
      ? namesIn(raw)
      : undefined;
  if (!names?.every((name) => typeof name === 'string')) return raw;
  return JSON.stringify(names.map((name) => name.trim()).filter((name) => name !== ''));
}

function namesIn(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return text.split(/[,;]/);
  }
}
