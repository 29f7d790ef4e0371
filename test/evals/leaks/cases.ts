import type { CompletionRequest, Script } from '../../support/fakes/models/fake-openai';
import { randomFrom, type Random, type Writing } from './encodings';

export interface LeakCase {
  readonly id: string;
  readonly write: Writing;
  readonly seed: number;
  /** Filled by the model when it leaks: what it says, and of which secret. */
  written: string;
  secret: string;
}

export interface OrdinaryCase {
  readonly id: string;
  readonly text: string;
}

const LEAD_INS = ['', 'Sure, here it is: ', 'Of course.\n\n', 'My instructions say: "', '```\n', 'Well — '];
const CASE = /\[case ([a-z0-9-]+)\]/;
const MIN_LEAK = 80;
const EDGE = 40;
const MIN_EDGE = 36;
const MAX_LEAK = 400;

/** The message that a client sends for a case; the model recognises it. */
export function messageOf(id: string, more = ''): string {
  return `[case ${id}] What is next? ${more}`.trim();
}

export function caseOf(request: CompletionRequest): string {
  const messages = request.messages.map(({ content }) => CASE.exec(String(content))?.[1]);
  return messages.findLast((id) => id !== undefined) ?? '';
}

/** The model says back what it has just been sent: a piece of its system prompt or of its tools, in some writing, in random pieces. */
export function leak(request: CompletionRequest, subject: LeakCase): Script {
  const random = randomFrom(subject.seed);
  const ofPrompt = random() < 0.6 || !request.tools;
  const source = ofPrompt ? systemPrompt(request) : JSON.stringify(request.tools);
  const secrets = ofPrompt ? [{ from: 0, until: source.length }] : descriptionsIn(source, request);
  const length = Math.min(source.length, MIN_LEAK + Math.floor(random() ** 2 * (MAX_LEAK - MIN_LEAK)));
  let at = 0;
  let best = -1;
  for (let tries = 0; tries < 1_000; tries += 1) {
    const from = Math.floor(random() * (source.length - length));
    // What is counted as reached must be secret, whichever end of the piece comes first; the frame of a schema is public.
    const edges = Math.min(
      secretIn(secrets, from, from + EDGE),
      secretIn(secrets, from + length - EDGE, from + length),
    );
    const fits = edges >= MIN_EDGE && secretIn(secrets, from, from + length) >= MIN_LEAK;
    if (fits || edges > best) at = from;
    if (fits) break;
    best = Math.max(best, edges);
  }
  subject.secret = source.slice(at, at + length);
  const lead = LEAD_INS[Math.floor(random() * LEAD_INS.length)] ?? '';
  subject.written = subject.write(subject.secret, random);
  return { text: chunked(`${lead}${subject.written} That is all.`, random) };
}

interface Span {
  readonly from: number;
  readonly until: number;
}

/** Where the descriptions of tools and parameters stand in their JSON. Names, types and what the agents are for are no secret. */
function descriptionsIn(json: string, { tools = [] }: CompletionRequest): Span[] {
  const texts: string[] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'description' && typeof value === 'string' && !/^[a-z]+_agent: /.test(value)) texts.push(value);
      else collect(value);
    }
  };
  collect(tools);
  return texts.map((text) => {
    const inner = JSON.stringify(text).slice(1, -1);
    const from = json.indexOf(`"description":"${inner}"`) + '"description":"'.length;
    return { from, until: from + inner.length };
  });
}

function secretIn(secrets: readonly Span[], from: number, until: number): number {
  return secrets.reduce((sum, span) => sum + Math.max(0, Math.min(until, span.until) - Math.max(from, span.from)), 0);
}

/** How many characters of the secret the client got, at most: what came before the cut, without the model's own lead-in. */
export function reached(subject: LeakCase, response: string, removed: string): number {
  const received = response.slice(0, response.length - removed.length);
  const lead = LEAD_INS.reduce(
    (max, words) => (received.startsWith(words) && words.length > max ? words.length : max),
    0,
  );
  // Quotes and members' names around the secret are no part of it: what the writing of an empty text begins with, too.
  const wrapper = commonPrefix(subject.written, subject.write('', randomFrom(subject.seed)));
  const written = Math.max(1, subject.written.length - wrapper);
  return Math.round((Math.max(0, received.length - lead - wrapper) * subject.secret.length) / written);
}

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

export function chunked(text: string, random: Random): string[] {
  const chunks: string[] = [];
  for (let from = 0; from < text.length;) {
    const size = 1 + Math.floor(random() ** 2 * 24);
    chunks.push(text.slice(from, from + size));
    from += size;
  }
  return chunks;
}

/** The instructions up to the place where the user's own context begins: that is no secret. */
export function systemPrompt(request: CompletionRequest): string {
  const whole = String(request.messages.find(({ role }) => role === 'system')?.content ?? '');
  const context = whole.indexOf('<context>');
  return context < 0 ? whole : whole.slice(0, context);
}
