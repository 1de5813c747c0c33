// What GraphiQL asks by itself. The server knows it by hash: it runs where nothing else is let through.
export const QUESTION = '{ viewer { credential actor { name } scopes grants { scopes frontendSlug environments } } }';
