// Where each release stands: live where, once live where, taken back from where.
import { graphql } from '../gql';
import type { StudioStandingQuery } from '../gql/graphql';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';

const STANDING = graphql(`
  query StudioStanding($slug: String!) {
    frontend(slug: $slug) {
      environments {
        id key
        live { id number hash title }
        activations(first: 100) { totalCount edges { node { kind release { id } previous { id } } } }
      }
    }
  }
`);

type Environment = NonNullable<StudioStandingQuery['frontend']>['environments'][number];

export interface Standing {
  readonly environments: readonly Environment[];
  /** Keys of the environments that show it. */
  readonly liveIn: (release: string) => readonly string[];
  /** Keys of the environments that it was taken back from, and where it is not live again. */
  readonly takenBackFrom: (release: string) => readonly string[];
  /** Whether an environment can go back to it: it was live there, and is not now. */
  readonly canReturn: (release: string, environment: string) => boolean;
}

export function useStanding(): Standing | undefined {
  const { frontend: { slug } } = useFrontend();
  const [{ data }] = useLive({ query: STANDING, variables: { slug }, on: ['RELEASES', 'FRONTEND'] });
  const environments = data?.frontend?.environments;
  if (!environments) return undefined;
  return {
    environments,
    liveIn: (release) => environments.filter(({ live }) => live?.id === release).map(({ key }) => key),
    takenBackFrom: (release) => environments.filter(({ live, activations }) =>
      live?.id !== release && activations.edges.find(({ node }) => node.previous?.id === release)?.node.kind === 'ROLL_BACK').map(({ key }) => key),
    canReturn: (release, key) => environments.some((environment) => environment.key === key && environment.live !== null && environment.live?.id !== release
      && (environment.activations.edges.some(({ node }) => node.release.id === release) || environment.activations.totalCount > environment.activations.edges.length)),
  };
}
