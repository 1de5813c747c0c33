// Whom to ask: the names of the admins, for those who may see the members.
import { useQuery } from 'urql';
import { graphql } from '../gql';
import { holdsAnywhere } from './may';
import { useViewer } from './viewer';

const ADMINS = graphql(`
  query StudioAdmins {
    members(first: 100) { edges { node { id name state grants { role frontend } } } }
  }
`);

const MOST = 3;
const NOBODY: readonly string[] = [];

/** Names of admins of every frontend, at most three; none for who may not see members. */
export function useAdmins(wanted: boolean): readonly string[] {
  const viewer = useViewer();
  const pause = !wanted || !viewer || !holdsAnywhere(viewer, 'members:read');
  const [{ data }] = useQuery({ query: ADMINS, pause, requestPolicy: 'cache-first' });
  const all = data?.members?.edges ?? [];
  if (pause || all.length === 0) return NOBODY;
  return all
    .filter(({ node }) => node.state === 'ACTIVE' && node.id !== viewer.member?.id && node.grants.some(({ role, frontend }) => role === 'ADMIN' && frontend == null))
    .slice(0, MOST)
    .map(({ node }) => node.name);
}
