import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';
import { Route, Router, Switch } from 'wouter';
import { SessionContext, UnlockedContext } from './session/context';
import type { ConsoleSession } from './session/session';
import { SignIn } from './session/sign-in';
import { ErrorBoundary } from './shell/error-boundary';
import { LANDING_PATHS, SIGNED_OUT_PATHS } from './shell/paths';
import { currentLanguage, onLanguage } from './texts/texts';
import { Skeleton } from './ui/parts';
import { isProblem } from './ui/problem';
import { ToastList } from './ui/toast-list';

const SIGNED_OUT: Readonly<Record<(typeof SIGNED_OUT_PATHS)[number], ComponentType>> = {
  '/sign-up': lazy(async () => ({ default: (await import('./session/sign-up')).SignUp })),
  '/recover': lazy(async () => ({ default: (await import('./session/recover')).Recover })),
};
const LANDING: Readonly<Record<(typeof LANDING_PATHS)[number], ComponentType>> = {
  '/verify-email': lazy(async () => ({ default: (await import('./session/mail-links')).VerifyEmail })),
  '/reset-password': lazy(async () => ({ default: (await import('./session/mail-links')).ResetPassword })),
  '/sso': lazy(async () => ({ default: (await import('./session/sso-return')).SsoReturn })),
};
const Locked = lazy(async () => ({ default: (await import('./session/locked')).Locked }));
const Welcome = lazy(async () => ({ default: (await import('./session/welcome')).Welcome }));
const Shell = lazy(async () => ({ default: (await import('./shell/shell')).Shell }));

const MAX_WAITS = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The SDK repeats what is safe to repeat, but waits no minute for the limit of requests, which is small on a small plan.
      retry: (count, error) => isProblem(error, 'rate_limited') && count < MAX_WAITS,
      retryDelay: (_, error) => (isProblem(error, 'rate_limited') ? (error.retryAfterMs ?? 0) : 0),
      // What this tab changes is fetched again; what others change is seen after this time.
      staleTime: 30_000,
    },
    mutations: { retry: false },
  },
});

export function App({ session }: { readonly session: ConsoleSession }): ReactNode {
  const language = useSyncExternalStore(onLanguage, currentLanguage);
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <Router base="/console" key={language}>
          <ErrorBoundary>
            <Suspense fallback={<Skeleton />}>
              <Switch>
                {LANDING_PATHS.map((path) => (
                  <Route key={path} path={path} component={LANDING[path]} />
                ))}
                <Route>
                  <Entrance session={session} />
                </Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </Router>
        <ToastList />
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
      return <Locked email={state.profile.email} password={state.password} />;
    case 'out':
      queries.clear();
      return (
        <Switch>
          {SIGNED_OUT_PATHS.map((path) => (
            <Route key={path} path={path} component={SIGNED_OUT[path]} />
          ))}
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
