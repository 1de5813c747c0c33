// The first five minutes: the studio on the left, a shop that shows what is live on the right, and one thing to do after
// another. What has been done is read from the graph, so it does not matter where somebody does it.
import { useEffect, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../studio/gql';
import { ActivityProvider, useActivity } from '../studio/lib/activity';
import { useConnection } from '../studio/lib/client';

const FRONTEND = 'shop';

const STATE = graphql(`
  query WelcomeState($slug: String!) {
    frontend(slug: $slug) {
      edited: screens(first: 0, filter: { status: EDITED }) { totalCount }
      environment { live { number } activations(first: 1) { edges { node { kind sequence } } } }
    }
  }
`);

export function Welcome(): ReactNode {
  return <ActivityProvider frontend={FRONTEND}><Tour /></ActivityProvider>;
}

interface Done {
  readonly edited: boolean;
  readonly published: boolean;
  readonly undone: boolean;
}

/** What has been done since this page was opened. */
function useDone(): { readonly done: Done; readonly phase: 'loading' | 'there' | 'missing' } {
  const [{ data, error }, again] = useQuery({ query: STATE, variables: { slug: FRONTEND }, requestPolicy: 'network-only' });
  useActivity(['SCREENS', 'RELEASES'], () => again({ requestPolicy: 'network-only' }));
  const [done, mark] = useState<Done>({ edited: false, published: false, undone: false });
  const [first, begin] = useState<number>();
  const last = data?.frontend?.environment?.activations.edges[0]?.node;
  const edited = (data?.frontend?.edited.totalCount ?? 0) > 0;
  useEffect(() => {
    if (!last) return;
    if (first === undefined) {
      begin(last.sequence);
      mark((was) => ({ ...was, edited }));
      return;
    }
    const moved = last.sequence > first;
    mark((was) => ({
      edited: was.edited || edited || moved,
      published: was.published || moved,
      undone: was.undone || (moved && last.kind === 'ROLL_BACK'),
    }));
  }, [last, edited, first]);
  return { done, phase: data?.frontend ? 'there' : data && !error ? 'missing' : 'loading' };
}

const STEPS: readonly { readonly of: keyof Done; readonly title: string; readonly how: string }[] = [
  { of: 'edited', title: 'Change the headline', how: 'In the studio, type another title. The draft changes while you type; the shop does not.' },
  { of: 'published', title: 'Publish', how: 'The green button. Watch the shop: no reload, and it stays where you scrolled.' },
  { of: 'undone', title: 'Take it back', how: '“Undo” in the message, or Releases: the release before is live again, and your draft keeps your words.' },
];

function Tour(): ReactNode {
  const { done, phase } = useDone();
  const connection = useConnection();
  const [side, show] = useState<'studio' | 'shop'>('studio');
  const now = STEPS.find(({ of }) => !done[of]);
  if (phase === 'missing') {
    return (
      <main className="missing">
        <h1>There is no demo here</h1>
        <p>This server was started without the demo shop. Start it with <code>--demo on</code>, or go <a href="/studio">to the studio</a>.</p>
      </main>
    );
  }
  return (
    <div className="welcome" data-side={side}>
      <header>
        <a href="/" className="mark" aria-label="Sonata, where everything is"><img src="/favicon.svg" alt="" width="28" height="28" /></a>
        <h1 className="visually-hidden">Welcome to Sonata</h1>
        <ol aria-label="Three things to try">
          {STEPS.map(({ of, title }) => <li key={of} data-done={done[of] || undefined} aria-current={of === now?.of ? 'step' : undefined}><i aria-hidden="true">{done[of] ? '✓' : ''}</i>{title}</li>)}
        </ol>
        <nav aria-label="Elsewhere"><a href="/studio">Studio</a><a href="/demo/">Shop</a><a href="/graphiql">GraphiQL</a></nav>
      </header>
      <p className="hint" role="status" data-testid="hint">
        {connection === 'away' ? <><b>The server does not answer.</b> This page goes on as soon as it does.</> : now ? <><b>{now.title}.</b> {now.how}</> : <><b>That is the whole loop.</b> Next: insert a countdown above the grid, look at it as build 1.0, then open API for the one query that a frontend needs, and Services for the two commands that bring data of a service onto a screen.</>}
      </p>
      <nav className="sides" aria-label="Which side">
        {(['studio', 'shop'] as const).map((name) => <button key={name} type="button" aria-pressed={side === name} onClick={() => show(name)}>{name === 'studio' ? 'Studio' : 'Live shop'}</button>)}
      </nav>
      <main>
        <section className="side studio" aria-label="Studio">
          <iframe title="Studio" src={`/studio/${FRONTEND}/screens/home?block=hero`} />
        </section>
        <section className="side shop" aria-label="Live shop">
          <p className="label"><i aria-hidden="true" />What your visitors see</p>
          <iframe title="Live shop" src="/demo/" />
        </section>
      </main>
    </div>
  );
}
