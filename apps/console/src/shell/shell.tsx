import { useQueryClient } from '@tanstack/react-query';
import { Menu } from 'lucide-react';
import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { GoalKeys } from '@adiuva/client';
import { clientTools } from '../chat/client-tools';
import { RecordsContext } from '../records/context';
import { LocalRecords } from '../records/local-records';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ErrorNote, Skeleton } from '../ui/parts';
import { toastError } from '../ui/toasts';
import { ErrorBoundary } from './error-boundary';
import { groupsFor } from './navigation';
import { NotFound } from './not-found';
import { Palette } from './palette';
import { SCREENS } from './screens';

/** Everything after the sign-in: navigation, the records of this browser, and the screen of the address. */
export function Shell(): ReactNode {
  const records = useLocalRecords();
  const [isOpen, setOpen] = useState(false);
  const [location] = useLocation();
  useEffect(() => setOpen(false), [location]);
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent): void => setOpen(event.key !== 'Escape');
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOpen]);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header className="topbar">
        <Button
          look="quiet"
          icon={Menu}
          label={t('nav.menu')}
          aria-expanded={isOpen}
          onClick={() => setOpen((open) => !open)}
        />
        <Brand />
      </header>
      <Navigation isOpen={isOpen} />
      {isOpen && <div className="scrim" onClick={() => setOpen(false)} />}
      <main id="content" tabIndex={-1}>
        {records === undefined ? (
          <Skeleton />
        ) : records instanceof LocalRecords ? (
          <RecordsContext value={records}>
            <ErrorBoundary address={location}>
              <Suspense fallback={<Skeleton />}>
                <Switch>
                  {SCREENS.map(({ path, screen }) => (
                    <Route key={path} path={path} component={screen} />
                  ))}
                  <Route component={NotFound} />
                </Switch>
              </Suspense>
            </ErrorBoundary>
            <Palette />
          </RecordsContext>
        ) : (
          <ErrorNote error={records} />
        )}
      </main>
    </div>
  );
}

function Brand(): ReactNode {
  return (
    <Link href="/" className="brand">
      <span className="brand-mark" aria-hidden>
        A
      </span>
      Adiuva
    </Link>
  );
}

function Navigation({ isOpen }: { readonly isOpen: boolean }): ReactNode {
  const { profile } = useUser();
  const [location] = useLocation();
  return (
    <nav className={isOpen ? 'sidebar open' : 'sidebar'} aria-label={t('nav.main')}>
      <Brand />
      <div className="nav-groups">
        {groupsFor(profile.role).map(({ title, links }) => (
          <div key={title} className="nav-group">
            <p>{t(title)}</p>
            <ul>
              {links.map(({ to, text, icon: Icon }) => (
                <li key={to}>
                  <Link href={to} aria-current={isCurrent(location, to) ? 'page' : undefined}>
                    <Icon size={17} strokeWidth={1.75} aria-hidden />
                    {t(text)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <Link href="/account" className="who" title={profile.email}>
        <span className="avatar" aria-hidden>
          {(profile.name ?? profile.email).slice(0, 1).toUpperCase()}
        </span>
        <span className="who-name">
          {profile.name ?? profile.email}
          <small>{profile.tier}</small>
        </span>
      </Link>
    </nav>
  );
}

function isCurrent(location: string, to: string): boolean {
  return to === '/' ? location === '/' : location === to || location.startsWith(`${to}/`);
}

/** Undefined while they are read, an error where the browser refuses. */
function useLocalRecords(): unknown {
  const { client, vault } = useUser();
  const cache = useQueryClient();
  const [records, setRecords] = useState<unknown>();
  useEffect(() => {
    let opened: LocalRecords | undefined;
    let isLeft = false;
    const ends: (() => void)[] = [];
    LocalRecords.open(client, vault).then((made) => {
      if (isLeft) return made.close();
      opened = made;
      ends.push(client.chats.onStorageChanged(() => void made.syncNow()));
      const runsChanged = (): void => void cache.invalidateQueries({ queryKey: ['runs'] });
      ends.push(
        client.serveRuns({
          tools: clientTools(made),
          keys: new GoalKeys(vault),
          onStatus: runsChanged,
          onOutput: runsChanged,
          onError: toastError,
        }),
      );
      void made.syncNow();
      setRecords(made);
    }, setRecords);
    return () => {
      isLeft = true;
      ends.forEach((end) => end());
      opened?.close();
    };
  }, [client, vault, cache]);
  return records;
}
