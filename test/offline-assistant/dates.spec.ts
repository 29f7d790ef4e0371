import { converse, type Situation } from './conversation';

/** When "remind me to call Anna WHEN" is due, for a user in a zone at a moment. */
async function due(when: string, now: string, timezone: string): Promise<string> {
  const situation: Situation = { now, context: { user_profile: { timezone } } };
  const { calls } = await converse('task_agent', `remind me to call Anna ${when}`, situation);
  const instant = calls[0]?.args['due_date'];
  return typeof instant === 'number' ? new Date(instant).toISOString().slice(0, 16) : 'none';
}

const WEDNESDAY = '2026-03-04T10:00:00Z';

describe('dates in words', () => {
  it.each([
    ['tomorrow at 5', '2026-03-05T17:00'],
    ['tomorrow at 05:00', '2026-03-05T05:00'],
    ['tomorrow at 9', '2026-03-05T09:00'],
    ['at 5', '2026-03-04T17:00'],
    ['at 9', '2026-03-05T09:00'],
    ['on Friday at noon', '2026-03-06T12:00'],
    ['tonight', '2026-03-04T20:00'],
    ['in 2 hours', '2026-03-04T12:00'],
    ['by Friday', '2026-03-06T23:59'],
    ['by the end of the week', '2026-03-06T23:59'],
    ['on the 15th', '2026-03-15T23:59'],
    ['on the 2nd', '2026-04-02T23:59'],
    ['by eod', '2026-03-04T23:59'],
    ['at half past five', '2026-03-04T17:30'],
    ['on 2026-05-01', '2026-05-01T23:59'],
  ])('"%s" is %s', async (words, expected) => {
    expect(await due(words, WEDNESDAY, 'UTC')).toBe(expected);
  });

  it('reads them on the wall clock of the zone', async () => {
    expect(await due('tomorrow at 5', WEDNESDAY, 'Europe/Rome')).toBe('2026-03-05T16:00');
    expect(await due('tomorrow at 5', WEDNESDAY, 'America/Los_Angeles')).toBe('2026-03-06T01:00');
    expect(await due('tomorrow at 5', WEDNESDAY, 'Asia/Kathmandu')).toBe('2026-03-05T11:15');
  });

  it('knows that today is another day on the other side of the world', async () => {
    expect(await due('tomorrow at 5', '2026-03-04T23:30:00Z', 'Pacific/Auckland')).toBe('2026-03-06T04:00');
    expect(await due('tomorrow at 5', '2026-03-04T01:00:00Z', 'America/New_York')).toBe('2026-03-04T22:00');
  });

  it('keeps the wall clock over a change of clocks, and the length of "in 24 hours"', async () => {
    expect(await due('tomorrow at 5', '2026-03-28T10:00:00Z', 'Europe/Rome')).toBe('2026-03-29T15:00');
    expect(await due('in 24 hours', '2026-03-28T20:00:00Z', 'Europe/Rome')).toBe('2026-03-29T20:00');
    expect(await due('on 1 November at 12:00', '2026-10-20T10:00:00Z', 'America/New_York')).toBe('2026-11-01T17:00');
  });

  it('gives an hour that does not exist its later side, and one that exists twice its first', async () => {
    expect(await due('tomorrow at 02:30', '2026-03-28T10:00:00Z', 'Europe/Rome')).toBe('2026-03-29T01:30');
    expect(await due('tomorrow at 02:30', '2026-10-24T10:00:00Z', 'Europe/Rome')).toBe('2026-10-25T00:30');
  });

  it('takes UTC for a zone that does not exist', async () => {
    expect(await due('tomorrow at 5', WEDNESDAY, 'Mars/Olympus')).toBe('2026-03-05T17:00');
    expect(await due('tomorrow at 5', WEDNESDAY, '')).toBe('2026-03-05T17:00');
  });

  it('leaves words that only look like dates in the title', async () => {
    for (const say of ['remind me to buy sun lotion', 'remind me to thank May', 'remind me to march on']) {
      const { calls } = await converse('task_agent', say);
      expect(calls[0]?.args['due_date']).toBeUndefined();
    }
  });
});
