import { Log } from '@adiuva/platform';

describe('a log line', () => {
  it('says of an error its name and where it was thrown, and nothing of its message', () => {
    const lines: string[] = [];
    const log = new Log('info', { write: (line) => void lines.push(line) });
    log.error('bug', { error: new TypeError('secret one\n    at secret two\n    at secret three') });
    const [line = ''] = lines;
    expect(line).not.toContain('secret');
    expect(JSON.parse(line)).toMatchObject({ error: 'TypeError', event: 'bug' });
    expect(line).toContain('log.spec');
  });
});
