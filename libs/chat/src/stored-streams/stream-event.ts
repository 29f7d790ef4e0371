import { z } from 'zod';
import { PROBLEM_CODES, type ProblemOptions } from '@adiuva/kernel';
import type { ChatResult } from '../chat-request';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** One event of a stream as it is stored. What is read was authenticated by its cipher. */
const StreamEventShape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tokens'), from: z.number(), texts: z.array(z.string()) }),
  z.object({
    type: z.literal('call'),
    /** Counts the tool calls of the chat from 0. */
    number: z.number(),
    call: z.object({ callId: z.string(), name: z.string(), arguments: z.record(z.string(), z.unknown()) }),
  }),
  z.object({ type: z.literal('answered'), callId: z.string() }),
  z.object({ type: z.literal('done'), result: z.custom<ChatResult>(isObject) }),
  z.object({
    type: z.literal('failed'),
    code: z.enum(PROBLEM_CODES),
    options: z.custom<ProblemOptions>(isObject),
  }),
]);

export const StreamEventsShape = z.array(StreamEventShape);

export type StreamEvent = z.infer<typeof StreamEventShape>;
