import type { UserCipher } from '@adiuva/auth';
import { StepOutputShape, type StepOutput } from './run';

/** The associated data of a step's column. */
export function stepColumn(column: string, runId: string, node: number): string {
  return `run_steps.${column}|${runId}|${node}`;
}

export function sealJson(cipher: UserCipher, column: string, value: unknown): Buffer {
  return cipher.seal(column, JSON.stringify(value));
}

export function openJson(cipher: UserCipher, column: string, sealed: Buffer | null): unknown {
  return sealed === null ? undefined : JSON.parse(cipher.open(column, sealed));
}

export function openOutput(cipher: UserCipher, column: string, sealed: Buffer | null): StepOutput | null {
  return sealed === null ? null : StepOutputShape.parse(openJson(cipher, column, sealed));
}
