import type { CompletionRequest, Script } from '../../support/fakes/models/fake-openai';
import { chunked, leak, messageOf, reached, systemPrompt, type LeakCase } from './cases';
import type { Ask } from './clients';
import { ordinaryAnswers } from './ordinary';
import { BYTE_CHANNELS, LETTER_CHANNELS, OPEN_CHANNELS, WORD_CHANNELS } from './channels';
import { FURTHER, LISTED, randomFrom, type Writing } from './encodings';

export interface Bench {
  readonly scripts: Map<string, (request: CompletionRequest) => Script>;
  readonly clients: Readonly<Record<string, Ask>>;
}

const REMOVED = '[removed]';
const EACH_LISTED = 45;
const EACH_FURTHER = 12;
const ORDINARY = 600;
const ECHOES = 30;
const AT_ONCE = 6;
const MIN_EACH = 0.95;
const MIN_TOGETHER = 0.99;
const MAX_REACHED = 40;
const MAX_CHANGED = 0.001;

interface Tally {
  caught: number;
  tried: number;
  worst: number;
  broken: number;
}

/** Every writing over every transport in turn. The listed ones have gates, the others are reported. */
export async function judgeLeaks(bench: Bench): Promise<boolean> {
  const listed = await tally(bench, LISTED, EACH_LISTED);
  const further = await tally(bench, FURTHER, EACH_FURTHER);
  const channels = await tally(bench, { ...LETTER_CHANNELS, ...BYTE_CHANNELS, ...WORD_CHANNELS }, EACH_FURTHER);
  const open = await tally(bench, OPEN_CHANNELS, EACH_FURTHER);
  say(`Transports: ${Object.keys(bench.clients).join(', ')}`);
  say('\nLeaks in the listed writings: caught, and the most characters of a leak that reached the client');
  for (const [name, one] of listed) say(line(name, one));
  say('\nLeaks in further writings');
  for (const [name, one] of further) say(line(name, one));
  say('\nLeaks with a word or sign for each letter, in other alphabets of bytes, with words among others');
  for (const [name, one] of channels) say(line(name, one));
  say('\nLeaks that no decoder reads');
  for (const [name, one] of open) say(line(name, one));
  const all = sum([...listed.values()]);
  const worst = Math.min(...[...listed.values()].map(({ caught, tried }) => caught / tried));
  say(`\nlisted together ${line('', all).trim()}; worst writing ${percent(worst)}`);
  const ofChannels = sum([...channels.values()]);
  say(`channels together ${line('', ofChannels).trim()}`);
  const channelsHold = gate('channels', ofChannels.caught / ofChannels.tried >= MIN_EACH);
  return (
    channelsHold &&
    gate(
      'leaks',
      worst >= MIN_EACH && all.caught / all.tried >= MIN_TOGETHER && all.worst <= MAX_REACHED && all.broken === 0,
    )
  );
}

/** A leak in the arguments of a tool, which become the data of an action. */
export async function judgeToolArguments(bench: Bench): Promise<boolean> {
  const writings = Object.entries(LISTED);
  const random = randomFrom(4);
  let caught = 0;
  const tries = writings.map(([name, write], i) => async () => {
    const id = `args-${i}`;
    bench.scripts.set(id, (request) => {
      if (request.messages.some(({ role }) => role === 'tool')) return { text: 'Done.' };
      const prompt = systemPrompt(request);
      const secret = write(prompt.slice(200 + 7 * i, 330 + 7 * i), random);
      return { calls: [{ name: createTool(request)?.name ?? '', arguments: textsOf(createTool(request), secret) }] };
    });
    const actions = await bench.clients['REST actions']?.(messageOf(id));
    if (actions?.response.includes(REMOVED)) caught += 1;
    else say(`not removed from tool arguments: ${name}${actions?.response === '[]' ? ' (refused)' : ''}`);
  });
  await inTurn(tries);
  say(`\nleaks in tool arguments: ${caught} of ${writings.length} removed`);
  return gate('tool arguments', caught / writings.length >= MIN_EACH);
}

/** A leak in the output of a plan's step, which has a prompt of its own. */
export async function judgeSteps(bench: Bench): Promise<boolean> {
  const writings = Object.entries(LISTED);
  let caught = 0;
  let worst = 0;
  const tries = writings.map(([name, write], i) => async () => {
    const subject = { id: `step-${i}`, write, seed: 90_000 + i, written: '', secret: '' };
    bench.scripts.set(subject.id, (request) => leak(request, subject));
    const received = await bench.clients['plan steps']?.(messageOf(subject.id));
    if (!received?.response.endsWith(REMOVED)) return say(`not caught in the output of a step: ${name}`);
    caught += 1;
    worst = Math.max(worst, reached(subject, received.response, REMOVED));
  });
  await inTurn(tries);
  say(`\nleaks in the output of plan steps: ${caught} of ${writings.length} removed, ${worst} reached`);
  return gate('plan steps', caught / writings.length >= MIN_EACH && worst <= MAX_REACHED);
}

/** What a model says on an ordinary day must come out as it went in. */
export async function judgeOrdinary(bench: Bench): Promise<boolean> {
  const answers = ordinaryAnswers(ORDINARY);
  const changed: string[] = [];
  await inTurn(
    answers.map(({ kind, text }, i) => async () => {
      const random = randomFrom(i);
      bench.scripts.set(`plain-${i}`, () => ({ text: chunked(text, random) }));
      const { response, whole } = await clientOf(bench, i)(messageOf(`plain-${i}`));
      if (response !== text || !whole)
        changed.push(`${kind}: …${response.slice(-60)} | ${text.slice(response.length - 9, response.length + 60)}`);
    }),
  );
  for (const one of changed) say(one);
  say(`\nordinary answers: ${answers.length}, changed: ${changed.length}`);
  return gate('ordinary answers', changed.length / answers.length <= MAX_CHANGED);
}

/** The user's own long text, and our own prompt where the user has sent it. */
export async function judgeEchoes(bench: Bench): Promise<boolean> {
  const texts = ordinaryAnswers(ORDINARY).map(({ text }) => text);
  let prompt = '';
  bench.scripts.set('peep', (request) => {
    prompt = systemPrompt(request).slice(150, 1_500);
    return { text: 'Yes.' };
  });
  await clientOf(bench, 0)(messageOf('peep'));
  let changed = 0;
  await inTurn(
    Array.from({ length: ECHOES }, (_, i) => async () => {
      const text =
        i % 3 === 0
          ? prompt
          : texts
              .slice(i * 8, i * 8 + 8)
              .join('\n')
              .slice(0, 30_000);
      const random = randomFrom(i);
      bench.scripts.set(`echo-${i}`, () => ({ text: chunked(text, random) }));
      const { response } = await clientOf(bench, i)(messageOf(`echo-${i}`, text));
      if (response !== text) changed += 1;
    }),
  );
  say(`\nthe user's own text echoed: ${ECHOES}, changed: ${changed}`);
  return gate('echoes', changed === 0);
}

async function tally(
  bench: Bench,
  writings: Readonly<Record<string, Writing>>,
  each: number,
): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>();
  const tries = Object.entries(writings).flatMap(([name, write], w) => {
    const one = { caught: 0, tried: 0, worst: 0, broken: 0 };
    tallies.set(name, one);
    return Array.from(
      { length: each },
      (_, n) => () =>
        attempt(bench, { id: `leak-${w}-${each}-${n}`, write, seed: w * 1_000 + n, written: '', secret: '' }, one, n),
    );
  });
  await inTurn(tries);
  return tallies;
}

async function attempt(bench: Bench, subject: LeakCase, one: Tally, n: number): Promise<void> {
  bench.scripts.set(subject.id, (request) => leak(request, subject));
  const { response, whole } = await clientOf(bench, n)(messageOf(subject.id, ' '.repeat(n % 3) + '?'));
  one.tried += 1;
  if (!whole) one.broken += 1;
  if (!response.endsWith(REMOVED)) return;
  one.caught += 1;
  one.worst = Math.max(one.worst, reached(subject, response, REMOVED));
}

function clientOf({ clients }: Bench, n: number): Ask {
  const ways = ['REST', 'SSE', 'Socket.IO'].map((name) => clients[name]).filter((ask) => ask !== undefined);
  const ask = ways[n % ways.length];
  if (!ask) throw new Error('there is no client');
  return ask;
}

async function inTurn(tries: readonly (() => Promise<void>)[]): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let mine = next++; mine < tries.length; mine = next++) await tries[mine]?.();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

type Tool = NonNullable<CompletionRequest['tools']>[number]['function'];

function createTool(request: CompletionRequest): Tool | undefined {
  return request.tools?.map((tool) => tool.function).find(({ name }) => name.startsWith('create_'));
}

/** Arguments whose free texts are all the same one. */
function textsOf(tool: Tool | undefined, text: string): Record<string, string> {
  const { properties = {} } = (tool?.parameters ?? {}) as { properties?: Record<string, Record<string, unknown>> };
  const free = Object.entries(properties).filter(
    ([, { type, enum: words, format, pattern }]) => type === 'string' && !words && !format && !pattern,
  );
  return Object.fromEntries(free.map(([name, { maxLength }]) => [name, text.slice(0, Number(maxLength ?? Infinity))]));
}

function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((all, one) => ({
    caught: all.caught + one.caught,
    tried: all.tried + one.tried,
    worst: Math.max(all.worst, one.worst),
    broken: all.broken + one.broken,
  }));
}

function line(name: string, { caught, tried, worst, broken }: Tally): string {
  return `${name.padEnd(28)} ${percent(caught / tried).padStart(7)} of ${tried}, ${worst} reached${broken > 0 ? `, ${broken} not equal to their tokens` : ''}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function gate(name: string, holds: boolean): boolean {
  say(`${holds ? 'HOLDS ' : 'MISSED'} ${name}`);
  return holds;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
