import { OTHER_LANGUAGES, SENTENCES } from './sentences';
import { judge, share, type Verdict } from './offline/evaluation';

describe('the offline model on sentences that others wrote', () => {
  const judged = (sentences: typeof SENTENCES): Promise<Verdict[]> => Promise.all(sentences.map(judge));

  it('finds agent and tool in 90 % and the arguments in 85 %', async () => {
    const verdicts = await judged(SENTENCES);
    const withArgs = verdicts.filter((verdict) => verdict.argsRight !== undefined);
    report('English', verdicts);
    expect(share(verdicts, (verdict) => verdict.toolRight)).toBeGreaterThanOrEqual(0.9);
    expect(share(withArgs, (verdict) => verdict.argsRight === true)).toBeGreaterThanOrEqual(0.85);
  });

  it('understands simple German and Italian commands', async () => {
    const verdicts = await judged(OTHER_LANGUAGES);
    report('German and Italian', verdicts);
    expect(share(verdicts, (verdict) => verdict.toolRight)).toBeGreaterThanOrEqual(0.8);
  });
});

function report(title: string, verdicts: readonly Verdict[]): void {
  const withArgs = verdicts.filter((verdict) => verdict.argsRight !== undefined);
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  const lines = [
    `${title}: ${verdicts.length} sentences`,
    `agent ${percent(share(verdicts, (verdict) => verdict.agentRight))}`,
    `agent and tool ${percent(share(verdicts, (verdict) => verdict.toolRight))}`,
    `arguments ${percent(share(withArgs, (verdict) => verdict.argsRight === true))} of ${withArgs.length}`,
  ];
  process.stdout.write(`${lines.join(', ')}\n`);
  if (process.env['OFFLINE_SHOW'])
    for (const verdict of verdicts)
      if (!verdict.toolRight || verdict.argsRight === false)
        process.stdout.write(
          `${verdict.toolRight ? 'A' : verdict.agentRight ? 'T' : 'R'} ${verdict.sentence.say}\n    want ${verdict.sentence.agent} ${verdict.sentence.tool} ${JSON.stringify(verdict.sentence.args ?? {})}\n    got  ${verdict.seen}\n`,
        );
}
