/** Opens GraphiQL with a document in a tab of its own. */
export const inGraphiql = (text: string): string => `/graphiql#query=${encodeURIComponent(text)}`;
