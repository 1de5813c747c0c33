import { QUESTION } from './documents';
/** Who this page asks as, and the API key that somebody gave it. */
export interface Caller {
  readonly credential: 'NONE' | 'DEVELOPER' | 'SESSION' | 'API_KEY' | 'INVALID';
  readonly name: string;
  readonly scopes: readonly string[];
  readonly grants: readonly { readonly scopes: readonly string[]; readonly frontendSlug: string | null; readonly environments: readonly string[] }[];
}

export type Headers = Readonly<Record<string, string>>;

// A variable and nothing else: what lies in the storage of a browser can be read by whoever uses it next.
let key = '';

export const keepKey = (secret: string): void => void (key = secret.trim());
export const hasKey = (): boolean => key !== '';

/** What a tab sends along. A key of its own in the tab's headers comes before the one of the page. */
export const headersOf = (ofTab: Headers = {}): Headers => (key === '' || ownKeyIn(ofTab) ? ofTab : { ...ofTab, Authorization: `Bearer ${key}` });

export const ownKeyIn = (ofTab: Headers): boolean => Object.keys(ofTab).some((name) => name.toLowerCase() === 'authorization');

/** The headers of a tab as GraphiQL keeps them: a text that somebody may be in the middle of writing. */
export function parsed(text: string | null | undefined): Headers {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) : {};
  } catch {
    return {};
  }
}

/** Where a key is sent, no cookie goes along: what is seen is what the key may see. */
export const ask = (address: RequestInfo | URL, options: RequestInit = {}): Promise<Response> =>
  fetch(address, { ...options, credentials: new Headers(options.headers).has('authorization') ? 'omit' : 'same-origin' });

/** Asks the server who that is; undefined when it does not answer. */
export async function whoAsks(headers: Headers, signal: AbortSignal): Promise<Caller | undefined> {
  try {
    const answer = await ask('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query: QUESTION }), signal });
    if (answer.status === 401) return { credential: 'INVALID', name: '', scopes: [], grants: [] };
    const { data } = (await answer.json()) as { data?: { viewer: Omit<Caller, 'name'> & { actor: { name: string } } } };
    return data && { ...data.viewer, name: data.viewer.actor.name };
  } catch {
    return undefined;
  }
}
