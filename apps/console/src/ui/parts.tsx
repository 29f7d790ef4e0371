import { CircleAlert, type LucideIcon } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { X } from 'lucide-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { t } from '../texts/texts';
import { Button, LinkButton } from './button';
import { isProblem, messageOf, requestIdOf } from './problem';

export function Page({
  title,
  lead,
  actions,
  look = 'narrow',
  children,
}: {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** `filled` is as wide as `wide` and as high as the window: its parts scroll, not the page. */
  readonly look?: 'narrow' | 'wide' | 'filled';
  readonly children: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = typeof title === 'string' ? `${title} · Adiuva` : 'Adiuva';
  }, [title]);
  return (
    <div className={`page ${look}`}>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p className="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Card({
  title,
  lead,
  actions,
  children,
}: {
  readonly title?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <section className="card">
      {(title !== undefined || actions !== undefined) && (
        <header className="card-head">
          <div>
            {title !== undefined && <h2>{title}</h2>}
            {lead !== undefined && <p className="hint">{lead}</p>}
          </div>
          {actions !== undefined && <div className="actions">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

export function Empty({
  icon: Icon,
  title,
  text,
  children,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <p className="empty-title">{title}</p>
      <p>{text}</p>
      {children !== undefined && <div className="actions">{children}</div>}
    </div>
  );
}

export function ErrorNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): ReactNode {
  if (error === null || error === undefined) return null;
  const requestId = requestIdOf(error);
  return (
    <div className={isProblem(error, 'upgrade_required') ? 'note warn' : 'note bad'} role="alert">
      <CircleAlert size={18} aria-hidden />
      <div>
        <p>{messageOf(error)}</p>
        {requestId !== undefined && (
          <p className="request-id">
            {t('problem.request')} <code>{requestId}</code>
          </p>
        )}
      </div>
      {isProblem(error, 'upgrade_required') ? (
        <LinkButton to="/plan">{t('sync.plans')}</LinkButton>
      ) : (
        onRetry && <Button onClick={onRetry}>{t('retry')}</Button>
      )}
    </div>
  );
}

/** The data of a query, its skeleton while it loads, or its error. */
export function Loaded<T>({
  query,
  children,
}: {
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      {query.failureCount > 0 && <p className="hint">{messageOf(query.failureReason)}</p>}
      <Skeleton />
    </>
  );
}

export function Skeleton(): ReactNode {
  return (
    <div className="skeleton" role="status" aria-label={t('loading')}>
      <span />
      <span />
      <span />
    </div>
  );
}

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'plain';

export function Badge({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }): ReactNode {
  return <span className={`badge ${tone}`}>{children}</span>;
}

/** A number that matters, with its name. */
export function Figure({ label, value }: { readonly label: string; readonly value: ReactNode }): ReactNode {
  return (
    <div>
      <p className="hint">{label}</p>
      <p className="figure">{value}</p>
    </div>
  );
}

export function Meter({
  label,
  used,
  limit,
  text,
}: {
  readonly label: string;
  readonly used: number;
  readonly limit: number;
  readonly text: string;
}): ReactNode {
  return (
    <div className="meter">
      <div className="meter-head">
        <span>{label}</span>
        <span className="muted">{text}</span>
      </div>
      <progress aria-label={label} value={Math.min(used, limit)} max={Math.max(limit, 1)} />
    </div>
  );
}

/** Goes from page to page of a list that is newest first; nothing where there is one page only. */
export function Pages({
  newer,
  older,
}: {
  /** False where there is no such page. */
  readonly newer: false | (() => void);
  readonly older: false | (() => void);
}): ReactNode {
  if (!newer && !older) return null;
  return (
    <div className="actions">
      <Button disabled={!newer} onClick={() => newer && newer()}>
        {t('newer')}
      </Button>
      <Button disabled={!older} onClick={() => older && older()}>
        {t('older')}
      </Button>
    </div>
  );
}

/** A modal dialog of the browser, which keeps the focus inside and closes with Escape. */
export function Dialog({
  title,
  onClose,
  onSubmit,
  children,
  footer,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly onSubmit?: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it leaves the page, so that the browser gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // By itself the browser would take the button that closes.
    element?.querySelector<HTMLElement>('.stack :is(input, select, textarea)')?.focus();
    return () => element?.close();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-label={title} onCancel={onClose}>
      <form onSubmit={submit} noValidate={false}>
        <header className="card-head">
          <h2>{title}</h2>
          <Button look="quiet" icon={X} label={t('close')} onClick={onClose} />
        </header>
        <div className="stack">{children}</div>
        {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
      </form>
    </dialog>
  );
}
