import type { ReactNode } from 'react';
import { t } from '../texts/texts';
import { LanguageChoice } from './language-choice';

/** The frame of everything before the sign-in. */
export function Gate({
  title,
  lead,
  children,
  footer,
}: {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}): ReactNode {
  return (
    <div className="gate">
      <main id="content" className="gate-box">
        <p className="brand">
          <span className="brand-mark" aria-hidden>
            A
          </span>
          Adiuva
        </p>
        <h1>{title}</h1>
        <p className="lead">{lead}</p>
        {children}
        {footer !== undefined && <div className="gate-foot">{footer}</div>}
      </main>
      <footer className="gate-language">
        <LanguageChoice label={t('language')} />
      </footer>
    </div>
  );
}
