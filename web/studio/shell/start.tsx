import { Button } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { Redirect } from 'wouter';
import { Allowed } from '../access/allowed';
import { useMay } from '../access/may';
import { isText, recall } from '../lib/recall';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { useTitle } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { FRONTENDS } from './frontendmenu';
import { NewFrontend } from './newfrontend';

const Members = lazy(() => import('../members/members'));

interface StartProps {
  readonly missing?: string;
  /** What to go to of the frontend. */
  readonly at?: string;
}

/** The address without a frontend, or with one that is not there: goes to a frontend, or helps to make the first one. */
export function Start({ missing, at = '' }: StartProps): ReactNode {
  useTitle('Start');
  const [{ data, error }] = useQuery({ query: FRONTENDS });
  const [making, make] = useState(false);
  const may = useMay('frontends:write');
  if (!data) return error ? <Away alone /> : <div className="page"><Waiting rows={6} /></div>;
  const all = data.frontends?.edges.map(({ node }) => node) ?? [];
  const last = recall('frontend', '', isText);
  const to = all.find(({ slug }) => slug === last) ?? all[0];
  if (to && missing === undefined) return <Redirect to={`/${to.slug}${at}`} replace />;
  // Members are of the installation: they are there before any frontend is.
  if (at === '/members') return <main><Suspense><Members /></Suspense></main>;
  return (
    <main className="page">
      <Empty
        alone
        title={missing === undefined ? 'No frontend yet' : `There is no frontend “${missing}”`}
        actions={<>
          {to && <Button component="a" href={`/studio/${to.slug}`} variant="default">Go to {to.name}</Button>}
          <Allowed may={may}><Button onClick={() => make(true)}>Register a frontend</Button></Allowed>
        </>}
      >
        A frontend is an application that shows screens: a website, a portal, an app. Register it, let its build say which components it can render, and designers can place them.
      </Empty>
      {making && <NewFrontend close={() => make(false)} />}
    </main>
  );
}
