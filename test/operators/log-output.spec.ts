import { Log, prettyOutput } from '@adiuva/platform';
import { TestApp } from '../support/app';

describe('LOG_PRETTY', () => {
  it('writes lines for people: time, level, event and fields', () => {
    const lines: string[] = [];
    const log = new Log('info', prettyOutput({ write: (line) => void lines.push(line) }));
    log.warn('job_failed', { job: 'sweep', attempt: 2, reason: 'two words' });
    expect(lines.join('')).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}job_failed job=sweep attempt=2 reason="two words"\n$/,
    );
  });

  it('puts the frames of an error below its line, and no message', () => {
    const lines: string[] = [];
    const log = new Log('info', prettyOutput({ write: (line) => void lines.push(line) }));
    log.error('bug', { error: new TypeError('secret') });
    expect(lines.join('')).toMatch(/ERROR bug error=TypeError\n {4}at /);
    expect(lines.join('')).not.toContain('secret');
  });
});

describe('X-Forwarded-For', () => {
  const warnings = (app: TestApp) => app.log.filter((line) => line.includes('forwarded_for_ignored'));

  it('is warned of once where no proxy is trusted', async () => {
    const app = await TestApp.start();
    for (let sent = 0; sent < 3; sent += 1)
      await app.call('get', '/health').set('X-Forwarded-For', '203.0.113.7').expect(200);
    expect(warnings(app)).toHaveLength(1);
    expect(warnings(app).join('')).not.toContain('203.0.113.7');
    await app.stop();
  });

  it('is not warned of where a proxy is trusted', async () => {
    const app = await TestApp.start({ TRUST_PROXY: '1' });
    await app.call('get', '/health').set('X-Forwarded-For', '203.0.113.7').expect(200);
    expect(warnings(app)).toEqual([]);
    await app.stop();
  });
});
