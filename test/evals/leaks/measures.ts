import { setImmediate as turn } from 'node:timers/promises';
import { LeakScrubber, PromptRegistry } from '@adiuva/prompts';
import type { CompletionRequest } from '../../support/fakes/models/fake-openai';
import { systemPrompt } from './cases';
import { gate, say } from './graders';
import { ordinaryAnswers } from './ordinary';

const MILLION = 1_000_000;
const TOKEN = 4;
const MAX_CPU_MS_A_KB = 1;
const MAX_HELD_TOKENS = 10;
const MAX_MS_A_MILLION = 1_000;
const MAX_BLOCKED_MS = 50;

const HOSTILE: Readonly<Record<string, string>> = {
  'one letter': 'a',
  'base64 alphabet': 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  'base64 of words': Buffer.from('so the words go on and on, and nobody knows where to ').toString('base64'),
  'base64 twice': Buffer.from(Buffer.from('the words go on and on, and nobody knows ').toString('base64')).toString(
    'base64',
  ),
  'a base64 that decodes at every alignment': 'V',
  'nested escapes': '\\\\u005cu005c',
  'nested entities': '&amp;amp;',
  'nested per cent': '%2525',
  'open tags': '<b',
  digits: '1 0 ',
  hex: Buffer.from('so the words go on and on ').toString('hex'),
  'zero width': '\u200b',
  'tag characters': '\u{e0041}',
};

/** What scrubbing costs, in the same process and on prompts as long as ours. */
export async function measure(seen: readonly CompletionRequest[]): Promise<boolean> {
  const registry = new PromptRegistry();
  seen.forEach((request, i) => {
    registry.define(`seen-${i}`, systemPrompt(request));
    registry.protectTools(
      `seen-${i}`,
      (request.tools ?? []).map(({ function: { name, description, parameters } }) => ({
        name,
        description,
        schema: parameters,
      })),
    );
  });
  const scrubber = new LeakScrubber(registry);
  scrubber.warm();
  const texts = ordinaryAnswers(600).map(({ text }) => text);
  costOf(scrubber, texts);
  // Other programs on the machine can only add to it.
  const cost = [1, 2, 3]
    .map(() => costOf(scrubber, texts))
    .reduce((best, other) => (other.msAKb < best.msAKb ? other : best));
  say(
    `\nordinary text: ${cost.msAKb.toFixed(2)} ms CPU a KB, held back ${cost.held} tokens in the median, ${cost.heldLong} in 99 of 100`,
  );
  const good = await hostile(scrubber);
  return gate('cost', cost.msAKb <= MAX_CPU_MS_A_KB && cost.held <= MAX_HELD_TOKENS && good);
}

function costOf(scrubber: LeakScrubber, texts: readonly string[]): { msAKb: number; held: number; heldLong: number } {
  const held: number[] = [];
  let characters = 0;
  const before = process.cpuUsage();
  for (const text of texts) {
    const stream = scrubber.stream();
    let sent = 0;
    for (let from = 0; from < text.length; from += TOKEN) {
      sent += stream.push(text.slice(from, from + TOKEN)).length;
      held.push(Math.ceil((Math.min(text.length, from + TOKEN) - sent) / TOKEN));
    }
    characters += text.length;
  }
  const { user, system } = process.cpuUsage(before);
  held.sort((a, b) => a - b);
  const at = (share: number): number => held[Math.floor(held.length * share)] ?? 0;
  return { msAKb: (user + system) / 1_000 / (characters / 1_024), held: at(0.5), heldLong: at(0.99) };
}

async function hostile(scrubber: LeakScrubber): Promise<boolean> {
  let good = true;
  for (const [name, piece] of Object.entries(HOSTILE)) {
    const text = piece.repeat(Math.ceil(MILLION / piece.length)).slice(0, MILLION);
    const watch = watchLoop();
    const before = process.cpuUsage();
    await scrubber.valueAsync(text);
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    const blocked = await watch.stop();
    good = good && ms <= MAX_MS_A_MILLION && blocked <= MAX_BLOCKED_MS;
    say(
      `1 MB of ${name.padEnd(42)} ${ms.toFixed(0).padStart(5)} ms CPU, event loop blocked ${blocked.toFixed(0)} ms at most`,
    );
  }
  return good;
}

/** The max that the process worked between two turns of the event loop, as processor time: other processes do not count. */
function watchLoop(): { stop(): Promise<number> } {
  let watching = true;
  let worst = 0;
  const watched = (async () => {
    while (watching) {
      const before = process.cpuUsage();
      await turn();
      const { user, system } = process.cpuUsage(before);
      worst = Math.max(worst, (user + system) / 1_000);
    }
  })();
  return {
    stop: async () => {
      watching = false;
      await watched;
      return worst;
    },
  };
}
