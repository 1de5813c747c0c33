import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { Redirect } from 'wouter';
import { isText, recall } from '../lib/recall';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { useTitle } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { FRONTENDS } from './frontendmenu';
import { NewFrontend } from './newfrontend';

/** The address without a frontend, or with one that is not there: goes to a frontend, or helps to make the first one. */
export function Start({ missing }: { readonly missing?: string }): ReactNode {
  useTitle('Start');
  const [{ data, error }] = useQuery({ query: FRONTENDS });
  const [making, make] = useState(false);
  if (!data) return error ? <Away alone /> : <div className="page"><Waiting rows={6} /></div>;
  const all = data.frontends?.edges.map(({ node }) => node) ?? [];
  const last = recall('frontend', '', isText);
  const to = all.find(({ slug }) => slug === last) ?? all[0];
  if (to && missing === undefined) return <Redirect to={`/${to.slug}`} replace />;
  return (
    <main className="page">
      <Empty
        alone
        title={missing === undefined ? 'No frontend yet' : `There is no frontend “${missing}”`}
        actions={<>
          {to && <Button component="a" href={`/studio/${to.slug}`} variant="default">Go to {to.name}</Button>}
          <Button onClick={() => make(true)}>Register a frontend</Button>
        </>}
      >
        A frontend is an application that shows screens: a website, a portal, an app. Register it, let its build say which components it can render, and designers can place them.
      </Empty>
      {making && <NewFrontend close={() => make(false)} />}
    </main>
  );
}
