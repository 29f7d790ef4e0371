import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useSyncExternalStore, type ReactNode } from 'react';
import { Route, Router, Switch } from 'wouter';
import { SessionContext, UnlockedContext } from './session/context';
import type { ConsoleSession } from './session/session';
import { SignIn } from './session/sign-in';
import { currentLanguage, onLanguage } from './texts/texts';
import { Skeleton } from './ui/parts';
import { Toasts } from './ui/toasts';

const SignUp = lazy(async () => ({ default: (await import('./session/sign-up')).SignUp }));
const Recover = lazy(async () => ({ default: (await import('./session/recover')).Recover }));
const Locked = lazy(async () => ({ default: (await import('./session/locked')).Locked }));
const SsoReturn = lazy(async () => ({ default: (await import('./session/sso-return')).SsoReturn }));
const VerifyEmail = lazy(async () => ({ default: (await import('./session/mail-links')).VerifyEmail }));
const ResetPassword = lazy(async () => ({ default: (await import('./session/mail-links')).ResetPassword }));
const Welcome = lazy(async () => ({ default: (await import('./session/welcome')).Welcome }));
const Shell = lazy(async () => ({ default: (await import('./shell/shell')).Shell }));

const queries = new QueryClient({
  // The SDK repeats what is safe to repeat.
  defaultOptions: { queries: { retry: false, staleTime: 5_000 }, mutations: { retry: false } },
});

export function App({ session }: { readonly session: ConsoleSession }): ReactNode {
  const language = useSyncExternalStore(onLanguage, currentLanguage);
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <Router base="/console" key={language}>
          <Suspense fallback={<Skeleton />}>
            <Switch>
              <Route path="/verify-email" component={VerifyEmail} />
              <Route path="/reset-password" component={ResetPassword} />
              <Route path="/sso" component={SsoReturn} />
              <Route>
                <Entrance session={session} />
              </Route>
            </Switch>
          </Suspense>
        </Router>
        <Toasts />
      </QueryClientProvider>
    </SessionContext>
  );
}

function Entrance({ session }: { readonly session: ConsoleSession }): ReactNode {
  const state = useSyncExternalStore(session.subscribe, session.current);
  switch (state.status) {
    case 'loading':
      return <Skeleton />;
    case 'locked':
      return <Locked email={state.profile.email} />;
    case 'out':
      queries.clear();
      return (
        <Switch>
          <Route path="/sign-up" component={SignUp} />
          <Route path="/recover" component={Recover} />
          <Route component={SignIn} />
        </Switch>
      );
    case 'in':
      return (
        <UnlockedContext value={state}>
          {state.recoveryWords === undefined ? <Shell /> : <Welcome words={state.recoveryWords} />}
        </UnlockedContext>
      );
  }
}
