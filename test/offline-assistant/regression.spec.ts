import { OTHER_LANGUAGES, SENTENCES } from './regression-sentences';
import { judge, share, type Verdict } from './evaluation';

describe('the offline model on sentences that others wrote', () => {
  it('finds agent and tool in 90 % and the arguments in 85 %', async () => {
    const verdicts = await Promise.all(SENTENCES.map(judge));
    const withArgs = verdicts.filter((verdict) => verdict.argsRight !== undefined);
    report('English', verdicts);
    expect(verdicts.length).toBeGreaterThanOrEqual(120);
    expect(share(verdicts, (verdict) => verdict.toolRight)).toBeGreaterThanOrEqual(0.9);
    expect(share(withArgs, (verdict) => verdict.argsRight === true)).toBeGreaterThanOrEqual(0.85);
  });

  it('understands simple German and Italian commands', async () => {
    const verdicts = await Promise.all(OTHER_LANGUAGES.map(judge));
    report('German and Italian', verdicts);
    expect(share(verdicts, (verdict) => verdict.toolRight)).toBeGreaterThanOrEqual(0.8);
  });
});

/** The figures, and every sentence that was misread. */
function report(title: string, verdicts: readonly Verdict[]): void {
  const withArgs = verdicts.filter((verdict) => verdict.argsRight !== undefined);
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  const figures = [
    `${title}: ${verdicts.length} sentences`,
    `agent ${percent(share(verdicts, (verdict) => verdict.agentRight))}`,
    `agent and tool ${percent(share(verdicts, (verdict) => verdict.toolRight))}`,
    `arguments ${percent(share(withArgs, (verdict) => verdict.argsRight === true))} of ${withArgs.length}`,
  ];
  const misread = verdicts.filter((verdict) => !verdict.toolRight || verdict.argsRight === false);
  const lines = misread.map(
    ({ sentence, seen }) => `  "${sentence.say}" wants ${sentence.tool ?? 'no tool'}, got ${seen}`,
  );
  process.stdout.write(`${[figures.join(', '), ...lines].join('\n')}\n`);
}
