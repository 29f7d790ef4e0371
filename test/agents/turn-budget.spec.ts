import { TurnBudget } from '@adiuva/agents';
import { Problem } from '@adiuva/kernel';

describe('the budget of one message', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('admits 20 model calls over all agents and depths', () => {
    const budget = new TurnBudget();
    for (let call = 0; call < 20; call += 1) budget.takeModelCall();
    expect(budget.modelCallsLeft).toBe(0);
    expect(() => budget.takeModelCall()).toThrow('limit of steps or time');
  });

  it('admits 60 tool calls, the rest of a batch is refused, and the user is told', () => {
    const budget = new TurnBudget();
    expect([budget.takeToolCalls(59), budget.exhausted]).toEqual([59, false]);
    expect([budget.takeToolCalls(5), budget.exhausted, budget.takeToolCalls(1)]).toEqual([1, true, 0]);
  });

  it.each([
    ['of a new message', 0],
    ['of a continuation', 90_000],
  ])('ends after 120 s of work: %s', (_, spentMs) => {
    const budget = new TurnBudget(spentMs);
    jest.advanceTimersByTime(119_999 - spentMs);
    expect([budget.signal.aborted, budget.elapsedMs]).toEqual([false, 119_999]);
    jest.advanceTimersByTime(1);
    expect(budget.signal.reason).toMatchObject({ code: 'upstream_timeout' });
  });

  it('that was all spent before a continuation ends immediately', () => {
    const budget = new TurnBudget(200_000);
    jest.advanceTimersByTime(0);
    expect(budget.signal.aborted).toBe(true);
  });

  it('does not end a message that was answered', () => {
    const budget = new TurnBudget();
    budget.end();
    jest.advanceTimersByTime(200_000);
    expect(budget.signal.aborted).toBe(false);
  });

  it('is closed by the limit on the tokens of the month, and by nothing else', () => {
    const budget = new TurnBudget();
    const broken = new Problem('upstream_failed');
    expect(() => budget.absorb(broken)).toThrow(broken);
    expect(budget.exhausted).toBe(false);
    budget.absorb(new Problem('quota_exceeded'));
    expect([budget.exhausted, budget.modelCallsLeft]).toEqual([true, 0]);
    expect(() => budget.takeModelCall()).toThrow(Problem);
  });
});
