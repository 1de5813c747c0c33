// What bindings ask for of trusted documents.
import { graphql } from '../gql';
import type { StudioBindableFragment } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';

export const BINDABLE = graphql(`
  query StudioBindable($slug: String!, $hash: String!) {
    frontend(slug: $slug) { id documents(first: 1, query: $hash) { edges { node { ...StudioBindable } } } }
  }
  fragment StudioBindable on TrustedDocument {
    id hash name kind retiredAt valid invalidReason publicMaxAge result
    variables { name type required default }
  }
`);

export type Bindable = StudioBindableFragment;
export type Variable = Bindable['variables'][number];

/** The document with a hash; null when it is not registered, or may not be looked at; undefined until that is known. */
export function useBindable(hash: string | undefined): Bindable | null | undefined {
  const { frontend } = useFrontend();
  const [{ data, error }] = useLive({ query: BINDABLE, variables: { slug: frontend.slug, hash: hash ?? '' }, on: ['DOCUMENTS'], pause: hash === undefined });
  if (hash === undefined || (!data && !error)) return undefined;
  return data?.frontend?.documents?.edges.map(({ node }) => node).find((node) => node.hash === hash) ?? null;
}

/** Why nothing can be bound to a document; undefined when something can. */
export function unusable({ kind, retiredAt, valid, invalidReason }: Pick<Bindable, 'kind' | 'retiredAt' | 'valid' | 'invalidReason'>): string | undefined {
  if (kind !== 'QUERY') return kind === 'MUTATION' ? 'It changes something: only queries are run for a screen' : 'It follows something: only queries are run for a screen';
  if (retiredAt) return 'It is retired';
  if (!valid) return invalidReason ? `It cannot run: ${invalidReason}` : 'It cannot run';
  return undefined;
}
