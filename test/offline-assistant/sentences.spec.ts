import { join } from 'node:path';
import { judge, sentencesIn, share, type Verdict } from './sentence-evaluation';

const SENTENCES = join(__dirname, 'sentences');

describe.each(['dev', 'heldout'])('sentences by authors who have not seen the rules: %s', (half) => {
  let verdicts: Verdict[];
  beforeAll(async () => {
    verdicts = [];
    for (const sentence of sentencesIn(join(SENTENCES, half))) verdicts.push(await judge(sentence));
  }, 60_000);

  it('never delete without a confirmation, and never change quoted text', () => {
    expect(verdicts.filter(({ wronglyDestructive }) => wronglyDestructive).map(({ sentence }) => sentence.id)).toEqual(
      [],
    );
    expect(verdicts.filter(({ quoteChanged }) => quoteChanged).map(({ sentence }) => sentence.id)).toEqual([]);
  });
});

describe('sentences that the rules were developed on', () => {
  it('choose the right tool and arguments, and never act out of scope', async () => {
    const verdicts: Verdict[] = [];
    for (const sentence of sentencesIn(join(SENTENCES, 'dev'))) verdicts.push(await judge(sentence));
    const calls = verdicts.filter(({ argsRight }) => argsRight !== undefined);
    expect(share(verdicts, ({ toolRight }) => toolRight)).toBeGreaterThanOrEqual(0.95);
    expect(share(calls, ({ argsRight }) => argsRight === true)).toBeGreaterThanOrEqual(0.95);
    expect(verdicts.filter(({ actedOutOfScope }) => actedOutOfScope).map(({ sentence }) => sentence.id)).toEqual([]);
  }, 60_000);
});
