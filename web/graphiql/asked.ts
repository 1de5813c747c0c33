/** What the address asks to be shown: `/graphiql#query=…&variables=…`. It is shown, never run: that takes a person. */
export interface Asked {
  readonly query: string;
  readonly variables: string;
}

/** The server takes no larger document; what is larger is nobody's link. */
const MOST = 64 * 1024;

export function askedBy(fragment: string): Asked | undefined {
  if (fragment.length > 4 * MOST) return undefined;
  const given = new URLSearchParams(fragment.replace(/^#/, ''));
  const query = given.get('query') ?? '';
  const variables = given.get('variables') ?? '';
  return query.trim() === '' || query.length > MOST || variables.length > MOST ? undefined : { query, variables };
}
