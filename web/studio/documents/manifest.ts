// What somebody pastes or drops: a manifest of their tools, or one operation. The server decides; this is for people.
import { isObject, own, type Json, type JsonObject } from '../lib/json';

/** How much the server keeps for one frontend. */
const MOST_BYTES = 8 * 1024 * 1024;
const APOLLO = 'apollo-persisted-query-manifest';

export interface Read {
  /** For `documentsRegister`, beside the frontend. */
  readonly input: { readonly manifest: JsonObject } | { readonly documents: { readonly body: string }[] };
  readonly what: string;
  readonly count: number;
}

/** Undefined while there is nothing; a sentence for what cannot be either. */
export function read(text: string): Read | string | undefined {
  if (text.trim() === '') return undefined;
  if (text.length > MOST_BYTES) return 'That is more than 8 MB: a frontend keeps no more than that.';
  if (/^(\s|#[^\n]*\n)*(query|mutation|subscription|fragment)\b/.test(text)) return { input: { documents: [{ body: text }] }, what: 'One operation', count: 1 };
  let manifest: Json;
  try {
    manifest = JSON.parse(text) as Json;
  } catch (error) {
    return `That is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
  if (!isObject(manifest)) return 'A manifest is a JSON object: Apollo’s, or a map of ids to documents.';
  const apollo = own(manifest, 'format') === APOLLO;
  const operations = own(manifest, 'operations');
  const count = apollo ? (Array.isArray(operations) ? operations.length : 0) : Object.keys(manifest).length;
  if (count === 0) return 'There is no document in it.';
  return { input: { manifest }, what: apollo ? 'Apollo’s manifest' : 'A map of ids to documents', count };
}

/** The text that a refusal is about, by the path of the refusal; undefined where there is none. */
export function sourceAt({ input }: Read, path: readonly string[]): string | undefined {
  const [kind, id] = path;
  if (id === undefined) return undefined;
  if ('documents' in input) return kind === 'documents' ? input.documents[Number(id)]?.body : undefined;
  if (kind !== 'manifest') return undefined;
  const operations = own(input.manifest, 'operations');
  const entry = own(input.manifest, 'format') === APOLLO && Array.isArray(operations) ? operations.find((operation) => isObject(operation) && own(operation, 'id') === id) : undefined;
  const text = entry && isObject(entry) ? own(entry, 'body') : own(input.manifest, id);
  return typeof text === 'string' ? text : undefined;
}

/** How much of a line is shown around a place in it. */
const AROUND = 34;

/** The line that something is wrong in, with a mark under the place; undefined where there is none. */
export function excerpt(source: string, line: number, column: number): string | undefined {
  const text = source.split(/\r\n|\n|\r/)[line - 1];
  if (text === undefined) return undefined;
  const letters = [...text].map((letter) => (letter === '\t' ? ' ' : letter));
  const at = Math.min(Math.max(column - 1, 0), letters.length);
  const from = Math.max(0, at - AROUND);
  const to = Math.min(letters.length, at + AROUND);
  const before = from > 0 ? '…' : '';
  return `${before}${letters.slice(from, to).join('')}${to < letters.length ? '…' : ''}\n${' '.repeat(before.length + at - from)}^`;
}
