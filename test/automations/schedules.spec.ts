import { Cron } from 'croner';
import { checkRule, slotsAfter, ScheduleError, type ScheduleKind, type ScheduleRule } from '@adiuva/automations';

const BERLIN = 'Europe/Berlin';
const EARLY = '2000-01-01T00:00:00Z';

function rule(kind: ScheduleKind, expression: string, timezone: string, startsAt = EARLY): ScheduleRule {
  return { kind, expression, timezone, startsAt: new Date(startsAt), endsAt: null };
}

function slots(of: ScheduleRule, after: string, count: number): string[] {
  return slotsAfter(of, new Date(after), count).map((slot) => slot.toISOString().slice(0, 16));
}

describe('the slots of a schedule', () => {
  it.each(['UTC', BERLIN, 'Asia/Tokyo', 'Pacific/Kiritimati', 'America/New_York', 'Pacific/Pago_Pago'])(
    'are none where it starts with the last instants that there are, in %s',
    (timezone) => {
      const rules: [ScheduleKind, string][] = [
        ['cron', '0 9 * * *'],
        ['cron', '*/30 * * * *'],
        ...[
          'MINUTELY',
          'HOURLY',
          'DAILY',
          'WEEKLY',
          'MONTHLY;BYSETPOS=1',
          'YEARLY',
          'DAILY;UNTIL=00010101T000000Z',
        ].map((frequency): [ScheduleKind, string] => ['rrule', `FREQ=${frequency}`]),
      ];
      for (const [kind, expression] of rules)
        for (const before of [0, 1, 3_600_000, 50_000_000]) {
          const start = new Date(8.64e15 - before);
          expect(slotsAfter({ ...rule(kind, expression, timezone), startsAt: start }, new Date(), 3)).toEqual([]);
        }
    },
  );

  it.each<[string, ScheduleRule, string, string[]]>([
    [
      'in a spring gap come at its end',
      rule('cron', '30 2 * * *', BERLIN),
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'that share the end of a gap are one',
      rule('cron', '*/30 2 * * *', BERLIN),
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:00'],
    ],
    [
      'that occur twice in autumn come at the first',
      rule('cron', '30 2 * * *', BERLIN),
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'that occur twice are over between both',
      rule('cron', '30 2 * * *', BERLIN),
      '2026-10-25T00:45Z',
      ['2026-10-26T01:30'],
    ],
    [
      'of every hour leave the gap out',
      rule('cron', '0 * * * *', BERLIN),
      '2026-03-28T23:30Z',
      ['2026-03-29T00:00', '2026-03-29T01:00', '2026-03-29T02:00'],
    ],
    [
      'of every hour come in both repeated hours',
      rule('cron', '0 * * * *', BERLIN),
      '2026-10-24T23:30Z',
      ['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00'],
    ],
    [
      'of every second hour are two hours apart across a gap',
      rule('rrule', 'FREQ=HOURLY;INTERVAL=2', BERLIN, '2026-03-28T23:00Z'),
      '2026-03-28T22:00Z',
      ['2026-03-28T23:00', '2026-03-29T01:00', '2026-03-29T03:00'],
    ],
    [
      'follow a gap of half an hour',
      rule('cron', '15 2 * * *', 'Australia/Lord_Howe'),
      '2026-10-03T00:00Z',
      ['2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      'on a day that a zone left out come at its end',
      rule('cron', '0 9 * * *', 'Pacific/Apia'),
      '2011-12-28T20:00Z',
      ['2011-12-29T19:00', '2011-12-30T10:00', '2011-12-30T19:00'],
    ],
    [
      'at a midnight that does not exist come after it',
      rule('cron', '0 0 * * *', 'Africa/Cairo'),
      '2026-04-23T10:00Z',
      ['2026-04-23T22:00', '2026-04-24T21:00'],
    ],
    [
      'of a daily RRULE keep the wall clock',
      rule('rrule', 'FREQ=DAILY', BERLIN, '2026-03-01T01:30:00Z'),
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'of an hourly RRULE follow elapsed time',
      rule('rrule', 'FREQ=HOURLY', BERLIN, '2026-03-01T00:00:00Z'),
      '2026-10-24T23:30Z',
      ['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00'],
    ],
    [
      'of the last Friday',
      rule('rrule', 'FREQ=MONTHLY;BYDAY=-1FR', BERLIN, '2026-01-01T08:00:00Z'),
      '2026-01-01T00:00Z',
      ['2026-01-30T08:00', '2026-02-27T08:00'],
    ],
    [
      'of an RRULE end with COUNT',
      rule('rrule', 'FREQ=DAILY;COUNT=2', 'UTC', '2026-01-01T09:00:00Z'),
      '2026-01-01T00:00Z',
      ['2026-01-01T09:00', '2026-01-02T09:00'],
    ],
    [
      'of an RRULE end with UNTIL, an instant',
      rule('rrule', 'FREQ=DAILY;UNTIL=20260102T080000Z', BERLIN, '2026-01-01T08:00:00Z'),
      '2026-01-01T00:00Z',
      ['2026-01-01T08:00', '2026-01-02T08:00'],
    ],
    [
      'of a moment on the wall clock are one',
      rule('at', '2026-07-01T09:00', BERLIN),
      '2026-01-01T00:00Z',
      ['2026-07-01T07:00'],
    ],
    [
      'of a moment with an offset are one',
      rule('at', '2026-07-01T09:00:00+02:00', 'Asia/Tokyo'),
      '2026-01-01T00:00Z',
      ['2026-07-01T07:00'],
    ],
  ])('%s', (_, of, after, expected) => {
    const found = slots(of, after, expected.length);
    expect(found).toEqual(expected);
  });

  /** Examples of RFC 5545, section 3.8.5.3, whose DTSTART is at 9:00, by their dates. */
  it.each([
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02', '09-02 09-12 09-22 10-02 10-12'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH', '1997-09-02', '09-02 09-04 09-16 09-18 09-30 10-02 10-14'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '08-05 08-10 08-19 08-24'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '08-05 08-17 08-19 08-31'],
    ['FREQ=MONTHLY;COUNT=6;BYDAY=-2MO', '1997-09-22', '09-22 10-20 11-17 12-22 01-19 02-16'],
    ['FREQ=MONTHLY;BYMONTHDAY=-3', '1997-09-28', '09-28 10-29 11-28 12-29 01-29 02-26'],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '1997-09-02', '02-13 03-13 11-13 08-13 10-13'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '09-04 10-07 11-06'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29', '09-29 10-30 11-27 12-30 01-29'],
    ['FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200', '1997-01-01', '01-01 04-10 07-19 01-01 04-09 07-18'],
    ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19', '05-19 05-18 05-17'],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '1997-05-12', '05-12 05-11 05-17'],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', '1996-11-05', '11-05 11-07 11-02'],
    ['FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8', '1997-06-05', '06-05 06-12 06-19 06-26 07-03'],
    ['FREQ=YEARLY', '1996-02-29', '02-29 02-29'],
  ])('of %s are those of RFC 5545', (expression, start, expected) => {
    const dates = expected.split(' ');
    const found = slots(rule('rrule', expression, 'UTC', `${start}T09:00:00Z`), '1996-01-01T00:00Z', dates.length);
    expect(found.map((slot) => [slot.slice(5, 10), slot.slice(11)])).toEqual(dates.map((date) => [date, '09:00']));
  });

  it.each([
    ['FREQ=HOURLY;INTERVAL=3;BYMINUTE=0,30;BYSETPOS=-1', ['01T09:30', '01T12:30', '01T15:30']],
    ['FREQ=MINUTELY;INTERVAL=90;COUNT=4', ['01T09:15', '01T10:45', '01T12:15', '01T13:45']],
    ['FREQ=DAILY;BYHOUR=9,16;BYMINUTE=0,20,40', ['01T09:20', '01T09:40', '01T16:00', '01T16:20', '01T16:40']],
    ['FREQ=MINUTELY;BYDAY=TH;BYHOUR=23;BYMINUTE=59', ['01T23:59', '08T23:59']],
  ])('of %s within a day are these', (expression, expected) => {
    const found = slots(rule('rrule', expression, 'UTC', '2026-01-01T09:15:00Z'), '2026-01-01T00:00Z', expected.length);
    expect(found).toEqual(expected.map((slot) => `2026-01-${slot}`));
  });

  it('are found decades apart', () => {
    const rare = rule('rrule', 'FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;BYHOUR=9;BYMINUTE=0', 'UTC');
    expect(slots(rare, '2026-01-01T00:00Z', 2)).toEqual(['2044-02-29T09:00', '2072-02-29T09:00']);
  });

  it('end at no time where UNTIL is the last instant of four digits, east of UTC too', () => {
    const endless = rule('rrule', 'FREQ=DAILY;UNTIL=99991231T235959Z', BERLIN, '2026-01-01T08:00:00Z');
    expect(slots(endless, '2026-01-01T12:00Z', 1)).toHaveLength(1);
  });

  it('cost one look at the rule each, however many a day has', () => {
    const looks = jest.spyOn(Cron.prototype, 'nextRun');
    expect(slots(rule('cron', '* 0-23 * * *', BERLIN), '2026-11-26T12:00Z', 50)).toHaveLength(50);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(51);
    looks.mockRestore();
  });

  it('of every hour are as many as COUNT says, also where the clock is changed meanwhile', () => {
    const four = (start: string) => slots(rule('rrule', 'FREQ=HOURLY;COUNT=4', BERLIN, start), EARLY, 9);
    expect(four('2026-03-28T23:00Z').at(-1)).toBe('2026-03-29T02:00');
    expect(four('2026-10-24T23:00Z').at(-1)).toBe('2026-10-25T02:00');
  });

  it('lie neither before the start nor after the end', () => {
    const bounded = {
      ...rule('cron', '0 9 * * *', 'UTC', '2026-01-02T09:00:00Z'),
      endsAt: new Date('2026-01-03T09:00:00Z'),
    };
    expect(slots(bounded, '2025-12-01T00:00Z', 9)).toEqual(['2026-01-02T09:00', '2026-01-03T09:00']);
  });
});

describe('a schedule that is refused', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  it.each<[ScheduleKind, string, string, string, number | undefined]>([
    ['cron', '* * * *', 'UTC', 'cron has five fields, not 4, at character 8', 8],
    ['cron', '* * * * * *', 'UTC', 'cron has five fields, not 6, at character 11', 11],
    ['cron', '@daily', 'UTC', 'cron has five fields, not 1, at character 7', 7],
    ['cron', '0 25 * * *', 'UTC', 'hour: 25 is not 0 to 23 at character 3', 3],
    ['cron', '0 9 * * mon,fry', 'UTC', 'day of week: fry is not 0 to 7 at character 13', 13],
    ['cron', '5-1 * * * *', 'UTC', 'minute: the range runs backwards at character 1', 1],
    ['cron', '*/0 * * * *', 'UTC', 'minute: the step must be 1 to 59 at character 1', 1],
    ['cron', '0 0 31 2 *', 'UTC', 'this schedule never occurs', undefined],
    ['rrule', 'FREQ=BANANA', 'UTC', 'FREQ=BANANA is not allowed at character 1', 1],
    ['rrule', 'FREQ=SECONDLY', 'UTC', 'FREQ=SECONDLY is not allowed at character 1', 1],
    ['rrule', 'FREQ=DAILY;BYHOUR=99', 'UTC', 'BYHOUR=99 is not allowed at character 12', 12],
    ['rrule', 'FREQ=DAILY;NONSENSE', 'UTC', '"NONSENSE" is not NAME=VALUE at character 12', 12],
    ['rrule', 'INTERVAL=2', 'UTC', 'FREQ is missing at character 1', 1],
    ['rrule', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31', 'UTC', 'this schedule never occurs', undefined],
    ['rrule', 'FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30', BERLIN, 'this schedule never occurs', undefined],
    ['rrule', 'FREQ=HOURLY;INTERVAL=7;BYMONTHDAY=31;BYMONTH=2,4,6', BERLIN, 'this schedule never occurs', undefined],
    ['rrule', 'FREQ=YEARLY;INTERVAL=6054;BYDAY=53WE;BYMONTH=2', BERLIN, 'this schedule never occurs', undefined],
    ['rrule', 'FREQ=DAILY;INTERVAL=10000;BYYEARDAY=366;BYDAY=MO', BERLIN, 'this schedule never occurs', undefined],
    ['rrule', 'FREQ=HOURLY;INTERVAL=24;BYHOUR=13', 'UTC', 'this schedule never occurs', undefined],
    ['cron', '* * 31 2,4,6 *', BERLIN, 'this schedule never occurs', undefined],
    ['at', 'tomorrow', 'UTC', 'this is no time of ISO 8601 at character 1', 1],
    ['at', '2020-01-01T00:00', 'UTC', 'this schedule never occurs', undefined],
    ['cron', '0 9 * * *', 'Europe/Atlantis', 'there is no such time zone', undefined],
    ['cron', '0 9 * * *', '+02:00', 'there is no such time zone', undefined],
  ])('%s %s (%s) says why and where', (kind, expression, timezone, message, position) => {
    const check = () => checkRule({ ...rule(kind, expression, timezone), startsAt: now }, now, 60_000);
    expect(check).toThrow(ScheduleError);
    expect(check).toThrow(expect.objectContaining({ message, position }));
  });

  it('occurs more often than the shortest interval', () => {
    const often = { ...rule('rrule', 'FREQ=MINUTELY', 'UTC'), startsAt: now };
    expect(() => checkRule(often, now, 60_000)).not.toThrow();
    expect(() => checkRule(often, now, 120_000)).toThrow('the shortest interval is 120 seconds');
  });
});
