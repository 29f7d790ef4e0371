import { MAIL_LANGUAGES, mailLanguage, Mails, renderMail, type MailTemplate } from '@adiuva/mail';
import { Database } from '@adiuva/platform';
import { eventually, TestApp } from '../support/app';
import { TestSmtpServer } from '../support/fakes/smtp-server';

const LINK = 'https://adiuva.example/verify?token=abc&x=1';
const VALUES = {
  verify_email: { link: LINK },
  verify_new_email: { link: LINK },
  email_changed: {},
  reset_password: { link: LINK },
  password_changed: {},
  team_invite: { team: 'Blue', link: LINK },
  export_ready: { link: LINK },
  channel_code: { code: '123456' },
  notification: { link: LINK },
  notification_content: { title: 'Report', body: 'It is ready', link: LINK },
  digest: { count: '3' },
} as const satisfies Record<MailTemplate, object>;

async function enqueue(app: TestApp, userId: string, to: string): Promise<string> {
  const mails = app.nest.get(Mails);
  return app.nest
    .get(Database)
    .transaction((tx) =>
      mails.enqueue(tx, userId, { to, template: 'reset_password', language: 'de', values: { link: LINK } }),
    );
}

describe('the text of a mail', () => {
  it.each(MAIL_LANGUAGES)('is complete in %s for every template, as plain text and as HTML', (language) => {
    for (const template of Object.keys(VALUES) as MailTemplate[]) {
      const { subject, text, html } = renderMail(template, language, VALUES[template]);
      expect(subject).not.toMatch(/^$|[{}]/);
      expect(text).not.toMatch(/[{}]/);
      expect(html).toContain(`<html lang="${language}">`);
      if ('link' in VALUES[template]) expect(text).toContain(LINK);
    }
  });

  it('differs between languages', () => {
    expect(new Set(MAIL_LANGUAGES.map((language) => renderMail('digest', language, VALUES.digest).text)).size).toBe(5);
  });

  it('takes values as data: no markup, no header field', () => {
    const title = '<img src=x onerror=alert(1)>\r\nBcc: all@example.org';
    const { subject, html } = renderMail('notification_content', 'en', { title });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain('<img');
  });

  it('leaves out what is not given', () => {
    const { text } = renderMail('notification_content', 'en', { title: 'Report' });
    expect(text).toBe('Report\n\n-- \nThis message was sent by Adiuva because of your account or your settings.');
  });

  it.each([
    [undefined, 'en'],
    ['de-CH, en;q=0.5', 'de'],
    ['pt-BR, fr;q=0.3, it;q=0.8', 'it'],
    ['de;q=0, es', 'es'],
    ['*', 'en'],
    [',;q=,', 'en'],
  ])('is in the language that %s asks for', (header, language) => {
    expect(mailLanguage(header)).toBe(language);
  });
});

describe('a mail', () => {
  let smtp: TestSmtpServer;
  let app: TestApp;
  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    app = await TestApp.start({ SMTP_URL: smtp.url, MAIL_FROM: 'Adiuva <no-reply@adiuva.example>' });
  });
  afterAll(async () => {
    await app.stop();
    await smtp.stop();
  });
  beforeEach(() => {
    smtp.received.length = 0;
    smtp.replies.length = 0;
  });

  const stored = () => app.nest.get(Database).query<{ content: Buffer }>('SELECT content FROM mails');
  const deliver = (id: string) => app.nest.get(Mails).deliver(id, AbortSignal.timeout(60_000));

  it('is stored sealed until an SMTP server has it, and not after', async () => {
    const user = await app.user();
    const id = await enqueue(app, user.id, user.email);
    const [row] = await stored();
    expect(row?.content.includes(user.email)).toBe(false);
    expect(row?.content.includes(LINK)).toBe(false);
    await Promise.all([deliver(id), deliver(id)]);
    expect(await stored()).toEqual([]);
    expect(smtp.received).toHaveLength(1);
    const [mail] = smtp.received;
    expect(mail).toMatchObject({ from: 'no-reply@adiuva.example', to: [user.email] });
    expect(mail?.raw).toContain(`Message-ID: <${id}@adiuva.example>`);
    expect(mail?.raw).toMatch(/Subject: =.UTF-8.Q.Passwort/);
    expect(mail?.raw).toContain('Content-Type: text/plain');
    expect(mail?.raw).toContain('Content-Type: text/html');
  });

  it('is delivered later, under the same Message-ID, when the server refuses it for now', async () => {
    const user = await app.user();
    const id = await enqueue(app, user.id, user.email);
    smtp.replies.push(451);
    await expect(deliver(id)).rejects.toMatchObject({ code: 'upstream_failed' });
    await deliver(id);
    expect(smtp.received.map(({ raw }) => raw.includes(`<${id}@adiuva.example>`))).toEqual([true]);
  });

  it('is dropped when the server refuses the recipient for good', async () => {
    const user = await app.user();
    smtp.replies.push(550);
    await deliver(await enqueue(app, user.id, user.email));
    expect(await stored()).toEqual([]);
    expect(app.log.some((line) => line.includes('mail_refused'))).toBe(true);
  });

  it('is delivered by a job, also when the process that had begun is dead', async () => {
    const user = await app.user();
    const id = await enqueue(app, user.id, user.email);
    await app.nest.get(Database).query(`DELETE FROM graphile_worker._private_jobs`);
    await app.nest
      .get(Database)
      .query(`UPDATE mails SET lease_until = now() - interval '2 minutes' WHERE id = $1`, [id]);
    await app.nest.get(Mails).recover();
    await app.startJobs();
    await eventually(() => smtp.received.length === 1);
  });

  it('has no outbox beside an SMTP server', async () => {
    await app.call('get', '/admin/outbox', await app.admin()).expect(404);
  });
});

describe('without an SMTP server', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  it('mails stay in an outbox that administrators alone can read, and the log names it', async () => {
    const user = await app.user();
    const id = await enqueue(app, user.id, user.email);
    await app.call('get', '/admin/outbox', user).expect(403);
    const { body } = await app.call('get', '/admin/outbox', await app.admin()).expect(200);
    expect(body.mails[0]).toMatchObject({ id, to: user.email, subject: 'Passwort zurücksetzen' });
    expect(body.mails[0].text).toContain(LINK);
    expect(app.log.some((line) => line.includes('mail_in_outbox') && line.includes('/admin/outbox'))).toBe(true);
  });
});
