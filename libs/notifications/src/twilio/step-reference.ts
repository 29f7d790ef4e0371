import { createHash } from 'node:crypto';
import { isId } from '@adiuva/kernel';

export interface StepKey {
  readonly id: string;
  readonly position: number;
}

/** Without letters and digits that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 10;

/** A short id of a step inside a message, by which the message is found at Twilio when its sender died. */
export function stepReference({ id, position }: StepKey): string {
  const bytes = createHash('sha256').update(`reference|${id}|${position}`).digest();
  return [...bytes.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** The step as the query of a callback address names it. */
export function stepQuery({ id, position }: StepKey): string {
  return `?step=${id}.${position}`;
}

export function parseStep(text: string | undefined): StepKey | undefined {
  const [id = '', position = '', ...rest] = (text ?? '').split('.');
  return isId(id) && /^\d{1,6}$/.test(position) && rest.length === 0 ? { id, position: Number(position) } : undefined;
}
