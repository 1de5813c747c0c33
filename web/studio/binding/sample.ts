// Samples: what a registered document answers right now, to whoever edits. They are kept in memory, so that the preview
// shows something and the dialog need not ask twice.
import { guarded } from '../access/guard';
import { address, fetchOptions } from '../lib/address';
import { sentence } from '../lib/format';
import { isObject, own, type JsonObject } from '../lib/json';

export interface Sample {
  readonly data?: JsonObject | undefined;
  /** What was wrong, in words; there may be data all the same. */
  readonly problem?: string | undefined;
  readonly at: number;
}

/** How long an answer may take, in milliseconds. */
const DEADLINE = 8_000;
const MOST_KEPT = 40;

/** Runs a document of a frontend by its hash: that it is registered is all that is needed. It never fails. */
export async function run(slug: string, hash: string, variables: JsonObject): Promise<Sample> {
  const at = Date.now();
  try {
    const answer = await guarded(address.href, {
      ...fetchOptions, method: 'POST', signal: AbortSignal.timeout(DEADLINE),
      headers: { ...fetchOptions.headers, 'content-type': 'application/json', 'graphql-client-name': slug },
      body: JSON.stringify({ documentId: hash, variables }),
    });
    const body = (await answer.json()) as unknown;
    const data = isObject(body) ? own(body, 'data') : undefined;
    return { ...(isObject(data) && { data }), problem: problemIn(body), at };
  } catch (error) {
    return { problem: (error as Error).name === 'TimeoutError' ? `There was no answer within ${DEADLINE / 1_000} seconds: a service may be down.` : 'The server does not answer. Try again in a moment.', at };
  }
}

function problemIn(body: unknown): string | undefined {
  const errors = isObject(body) ? own(body, 'errors') : undefined;
  const first = Array.isArray(errors) ? errors[0] : undefined;
  if (!isObject(first)) return isObject(body) && own(body, 'data') !== undefined ? undefined : 'What came was no answer. Try again in a moment.';
  const message = own(first, 'message');
  const extensions = own(first, 'extensions');
  const code = isObject(extensions) ? own(extensions, 'code') : undefined;
  const path = own(first, 'path');
  const where = Array.isArray(path) && path.length > 0 ? ` (at ${path.join(' › ')})` : '';
  const words = sentence(typeof message === 'string' && message !== '' ? message : 'something went wrong');
  if (code === 'FORBIDDEN') return `You may not see all of this${where}: ${words}`;
  return `${words}${where && ` ${where.trim()}`}`;
}

const kept = new Map<string, Sample>();
const listeners = new Set<() => void>();
let version = 0;

export const questionOf = (slug: string, hash: string, variables: JsonObject): string => `${slug} ${hash} ${JSON.stringify(variables)}`;

export const sampleOf = (question: string): Sample | undefined => kept.get(question);

/** Keeps a sample, and tells whoever shows some. Data that came once is not thrown away for an answer that failed. */
export function keep(question: string, sample: Sample): void {
  const before = kept.get(question);
  kept.delete(question);
  kept.set(question, sample.data || !before?.data ? sample : { ...before, problem: sample.problem, at: sample.at });
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  version++;
  for (const listener of listeners) listener();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const versionOfSamples = (): number => version;
