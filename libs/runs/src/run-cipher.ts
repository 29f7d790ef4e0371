import { StepOutputShape, type StepOutput } from './run';

/** Seals the columns of a run: under the user's data key, and that of a device where one has custody. */
export interface RunCipher {
  seal(column: string, text: string): Buffer;
  open(column: string, sealed: Uint8Array): string;
}

/** The associated data of a step's column. */
export function stepColumn(column: string, runId: string, node: number): string {
  return `run_steps.${column}|${runId}|${node}`;
}

export function sealJson(cipher: RunCipher, column: string, value: unknown): Buffer {
  return cipher.seal(column, JSON.stringify(value));
}

export function openJson(cipher: RunCipher, column: string, sealed: Buffer | null): unknown {
  return sealed === null ? undefined : JSON.parse(cipher.open(column, sealed));
}

export function openOutput(cipher: RunCipher, column: string, sealed: Buffer | null): StepOutput | null {
  return sealed === null ? null : StepOutputShape.parse(openJson(cipher, column, sealed));
}
