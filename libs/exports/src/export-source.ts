import { Readable } from 'node:stream';
import type { Principal } from '@adiuva/kernel';

/** A file of the archive; opened when its turn comes. */
export interface ExportFile {
  readonly path: string;
  /** Bytes of the blob store, which may be damaged: then the archive names the file in `damaged.json`. */
  readonly isBlob?: true;
  /** Null where it was deleted meanwhile: then the archive does not have it. */
  open(): Promise<Readable | null> | Readable | null;
}

/** What one area holds of a user, as files. */
export type ExportSource = (owner: Principal, signal: AbortSignal) => AsyncIterable<ExportFile>;

/** A JSON document. Bytes are written as base64. */
export function jsonFile(path: string, read: () => Promise<unknown>): ExportFile {
  return { path, open: async () => Readable.from([Buffer.from(`${toJson(await read())}\n`)]) };
}

/** A JSON list of which one item at a time is in memory. */
export function jsonList(path: string, items: () => AsyncIterable<unknown>): ExportFile {
  return { path, open: () => Readable.from(listOf(items())) };
}

async function* listOf(items: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let separator = '[\n';
  for await (const item of items) {
    yield Buffer.from(`${separator}${toJson(item)}`);
    separator = ',\n';
  }
  yield Buffer.from(separator === '[\n' ? '[]\n' : '\n]\n');
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => base64Of(member) ?? member) ?? 'null';
}

/** Buffers come as what their `toJSON` has made of them. */
function base64Of(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('data' in value)) return undefined;
  if (value.type !== 'Buffer' || !Array.isArray(value.data)) return undefined;
  return Buffer.from(value.data).toString('base64');
}
