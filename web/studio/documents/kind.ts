// Words for what documents are.
import type { OperationKind } from '../gql/graphql';

export const kindWords: Record<OperationKind, string> = { QUERY: 'query', MUTATION: 'mutation', SUBSCRIPTION: 'subscription' };

/** The beginning of a hash: enough to tell documents of one frontend apart. */
export const short = (hash: string): string => hash.replace(/^sha256:/, '').slice(0, 10);
