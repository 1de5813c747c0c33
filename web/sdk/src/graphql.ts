// Queries: one POST each.

export interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number } }[];
}

/** The server could not be reached, or what answered was not the server. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export async function ask<T>(url: string, query: string, variables: object, init: RequestInit = {}): Promise<Answer<T>> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9' },
      body: JSON.stringify({ query, variables }),
      ...init,
    });
    if (answer.status >= 500 || answer.status === 429) throw new Unreachable(`status ${answer.status}`);
    return (await answer.json()) as Answer<T>;
  } catch (error) {
    if (init.signal?.aborted || error instanceof Unreachable) throw error;
    throw new Unreachable('no answer');
  }
}
