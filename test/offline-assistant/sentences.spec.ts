import { join } from 'node:path';
import { judge, sentencesIn, share, type Verdict } from './sentence-evaluation';

const SENTENCES = join(__dirname, 'sentences');

/** What each set reaches today; below it is a regression. */
const SETS = [
  { set: 'dev', tool: 0.9, args: 0.88, several: 0.75 },
  { set: 'heldout', tool: 0.9, args: 0.88, several: 0.75 },
  { set: 'study', tool: 0.93, args: 0.83, several: 0.77 },
  { set: 'heldout2', tool: 0.9, args: 0.82, several: 0.7 },
  { set: 'heldout3', tool: 0.9, args: 0.87, several: 0.75 },
  { set: 'heldout4', tool: 0.9, args: 0.88, several: 0.75 },
];

describe.each(SETS)('sentences by authors who have not seen the rules: $set', ({ set, tool, args, several }) => {
  let verdicts: Verdict[];
  beforeAll(async () => {
    verdicts = [];
    for (const sentence of sentencesIn(join(SENTENCES, set))) verdicts.push(await judge(sentence));
  });

  it('never delete without a confirmation', () => {
    expect(verdicts.filter(({ wronglyDestructive }) => wronglyDestructive).map(({ sentence }) => sentence.id)).toEqual(
      [],
    );
  });

  it('change no quoted text', () => {
    expect(verdicts.filter(({ quoteChanged }) => quoteChanged).map(({ sentence }) => sentence.id)).toEqual([]);
  });

  it('call no tool out of scope', () => {
    expect(verdicts.filter(({ actedOutOfScope }) => actedOutOfScope).map(({ sentence }) => sentence.id)).toEqual([]);
  });

  it('find agents, tools and arguments in the share that is reached', () => {
    const calls = verdicts.filter(({ argsRight }) => argsRight !== undefined);
    const multi = verdicts.filter(({ sentence }) => sentence.kind === 'multi');
    expect(share(verdicts, ({ toolRight }) => toolRight)).toBeGreaterThanOrEqual(tool);
    expect(share(calls, ({ argsRight }) => argsRight === true)).toBeGreaterThanOrEqual(args);
    expect(share(multi, ({ argsRight }) => argsRight === true)).toBeGreaterThanOrEqual(several);
  });
});
