// Who may come in: the studio is shown to who is signed in, the way to sign in to everybody else.
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { Route, Switch } from 'wouter';
import { isLink, tokenOfPage } from '../signin/token';
import { Away } from '../ui/away';
import { Waiting } from '../ui/waiting';
import { ask, useStanding } from './viewer';

const SignIn = lazy(() => import('../signin/signin'));
const Again = lazy(() => import('../signin/again'));
const Join = lazy(() => import('../signin/join'));
const Setup = lazy(() => import('../signin/setup'));

const AGAIN = 2_000;

const waiting = <div className="page"><Waiting rows={6} /></div>;

// At once, before anything is sent or drawn: a token must not stay in the address.
if (isLink(location.pathname)) tokenOfPage();

export function Gate({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Suspense fallback={waiting}>
      <Switch>
        <Route path="/join"><Join /></Route>
        <Route path="/setup"><Setup /></Route>
        <Route><SignedIn>{children}</SignedIn></Route>
      </Switch>
    </Suspense>
  );
}

function SignedIn({ children }: { readonly children: ReactNode }): ReactNode {
  const { phase } = useStanding();
  useEffect(() => {
    if (phase === 'asking') void ask();
    if (phase !== 'away') return;
    const timer = setInterval(() => void ask(), AGAIN);
    return () => clearInterval(timer);
  }, [phase]);
  if (phase === 'asking') return waiting;
  if (phase === 'away') return <Away alone />;
  if (phase === 'anonymous') return <SignIn />;
  return <>{children}{phase === 'ended' && <Suspense><Again /></Suspense>}</>;
}
