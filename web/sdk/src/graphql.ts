// Queries: one POST each.

export interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number } }[];
}

/** The server could not be reached, or what answered was not the server. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** What is sent: a text or the id of a registered document, with its variables. */
export type Request = { readonly variables: object } & ({ readonly query: string } | { readonly documentId: string });

export async function ask<T>(url: string, request: Request, init: RequestInit = {}, headers: Record<string, string> = {}): Promise<Answer<T>> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9', ...headers },
      body: JSON.stringify(request),
      ...init,
    });
    if (answer.status >= 500 || answer.status === 429) throw new Unreachable(`status ${answer.status}`);
    return (await answer.json()) as Answer<T>;
  } catch (error) {
    if (init.signal?.aborted || error instanceof Unreachable) throw error;
    throw new Unreachable('no answer');
  }
}
