/** What each template needs. A paragraph that names a value which is not given is left out. */
export interface MailValues {
  readonly verify_email: { readonly link: string };
  readonly verify_new_email: { readonly link: string };
  readonly email_changed: Readonly<Record<string, never>>;
  readonly reset_password: { readonly link: string };
  readonly password_changed: Readonly<Record<string, never>>;
  readonly team_invite: { readonly team: string; readonly link: string };
  readonly export_ready: { readonly link: string };
  readonly channel_code: { readonly code: string };
  readonly notification: { readonly link?: string };
  readonly notification_content: { readonly title: string; readonly body?: string; readonly link?: string };
  readonly digest: { readonly count: string; readonly titles?: string };
}

export type MailTemplate = keyof MailValues;

/** `{name}` is replaced by a value. `action` is the label of the link. */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action?: string;
}

export type MailTexts = Readonly<Record<MailTemplate, MailText>> & { readonly footer: string };
