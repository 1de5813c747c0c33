/** Where the graph is: the studio uses the public one and nothing else. */
export const address = new URL('/graphql', location.href);

/** One answer, and it is over: urql would take a stream of events just as well, and the server would send one. */
export const fetchOptions: RequestInit = { headers: { accept: 'application/graphql-response+json, application/json' } };
