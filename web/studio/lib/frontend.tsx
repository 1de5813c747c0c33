// The frontend that is being worked on, for every view below it.
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { graphql } from '../gql';
import type { StudioFrontendQuery } from '../gql/graphql';
import { useLive } from './activity';
import { isText, recall, remember } from './recall';

const FRONTEND = graphql(`
  query StudioFrontend($slug: String!) {
    frontend(slug: $slug) {
      id
      slug
      name
      origins
      previewUrl
      environments { id key delivery live { id number hash title createdAt } }
    }
  }
`);

export type Frontend = NonNullable<StudioFrontendQuery['frontend']>;
export type Environment = Frontend['environments'][number];

export const PRODUCTION = 'production';

interface Current {
  readonly frontend: Frontend;
  /** The environment that is looked at: where publish goes and what drafts are compared with. */
  readonly environment: Environment;
  readonly chooseEnvironment: (key: string) => void;
}

const FrontendContext = createContext<Current | null>(null);

export type FrontendState =
  | { readonly phase: 'loading' | 'missing' | 'away' }
  | { readonly phase: 'there'; readonly current: Current };

/** Reads the frontend with this slug and keeps it current. */
export function useFrontendState(slug: string): FrontendState {
  const [{ data, error }] = useLive({ query: FRONTEND, variables: { slug }, on: ['FRONTEND', 'RELEASES'] });
  const [chosen, choose] = useState<string>(() => recall(`environment.${slug}`, PRODUCTION, isText));
  return useMemo(() => {
    const frontend = data?.frontend;
    if (!frontend) return { phase: data ? 'missing' : error ? 'away' : 'loading' };
    const environment = frontend.environments.find(({ key }) => key === chosen) ?? frontend.environments.find(({ key }) => key === PRODUCTION) ?? frontend.environments[0];
    if (!environment) return { phase: 'missing' };
    const chooseEnvironment = (key: string): void => {
      choose(key);
      remember(`environment.${slug}`, key);
    };
    return { phase: 'there', current: { frontend, environment, chooseEnvironment } };
  }, [data, error, chosen, slug]);
}

export function FrontendProvider({ current, children }: { readonly current: Current; readonly children: ReactNode }): ReactNode {
  return <FrontendContext value={current}>{children}</FrontendContext>;
}

export function useFrontend(): Current {
  const current = useContext(FrontendContext);
  if (!current) throw new Error('a view was shown outside a frontend');
  return current;
}
