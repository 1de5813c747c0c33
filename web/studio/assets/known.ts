// What is known of pictures by their hash. Whoever draws a draft asks here; what is not known is asked for, many at once.
import { useEffect, useSyncExternalStore } from 'react';
import { graphql } from '../gql';
import { client } from '../lib/client';
import { isObject, type Json, type JsonObject } from '../lib/json';
import { altOf, hashOf, type KnownAsset, type ServedAsset } from './asset';

const KNOWN = graphql(`
  query StudioKnownAssets($slug: String!, $hashes: [Hash!]!) {
    frontend(slug: $slug) { assets(first: 100, hashes: $hashes) { edges { node { id hash url width height placeholder name } } } }
  }
`);

const BATCH = 100;
/** After this a hash that was not found may be asked for again: somebody may have uploaded it meanwhile. */
const AGAIN_MS = 15_000;

const known = new Map<string, KnownAsset>();
const asked = new Map<string, number>();
const waiting = new Map<string, Set<string>>();
const listeners = new Set<() => void>();
let version = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function tell(): void {
  version++;
  for (const listener of listeners) listener();
}

/** What an upload or the library said is known from then on. */
export function learn(assets: readonly (KnownAsset & { readonly hash: string })[]): void {
  let news = false;
  for (const { hash, url, width, height, placeholder, name } of assets) {
    if (known.has(hash)) continue;
    known.set(hash, { url, width, height, placeholder, name });
    news = true;
  }
  if (news) tell();
}

async function ask(): Promise<void> {
  timer = undefined;
  const batches = [...waiting].flatMap(([slug, hashes]) => {
    const list = [...hashes];
    return Array.from({ length: Math.ceil(list.length / BATCH) }, (_, i) => ({ slug, hashes: list.slice(i * BATCH, (i + 1) * BATCH) }));
  });
  waiting.clear();
  await Promise.all(batches.map(async ({ slug, hashes }) => {
    const { data } = await client.query(KNOWN, { slug, hashes }, { requestPolicy: 'network-only' }).toPromise();
    if (data) learn(data.frontend?.assets.edges.map(({ node }) => node) ?? []);
    // The server did not answer: whoever asks next tries again.
    else for (const hash of hashes) asked.delete(hash);
  }));
}

/** Asks for pictures that are not known; `subscribe` tells when they are. */
export function want(frontend: string, hashes: Iterable<string>): void {
  const now = Date.now();
  for (const hash of hashes) {
    if (known.has(hash) || now - (asked.get(hash) ?? 0) < AGAIN_MS) continue;
    asked.set(hash, now);
    waiting.set(frontend, (waiting.get(frontend) ?? new Set()).add(hash));
  }
  if (waiting.size > 0) timer ??= setTimeout(() => void ask(), 10);
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const look = (hash: string): KnownAsset | undefined => known.get(hash);

/** What is known of one picture. */
export function useKnown(frontend: string, hash: string | undefined): KnownAsset | undefined {
  useEffect(() => {
    if (hash !== undefined) want(frontend, [hash]);
  }, [frontend, hash]);
  return useSyncExternalStore(subscribe, () => (hash === undefined ? undefined : known.get(hash)));
}

/** Changes whenever something new is known: draw what shows pictures again. */
export const useKnownVersion = (): number => useSyncExternalStore(subscribe, () => version);

/**
 * Props as a screen is served them: every picture that is known in its served form. What is not known yet is left out
 * and asked for. Props without pictures are returned as they are.
 */
export function serveAssets(frontend: string, props: JsonObject): JsonObject {
  const missing = new Set<string>();
  const served = serve(props, (hash) => known.get(hash) ?? void missing.add(hash));
  if (missing.size > 0) want(frontend, missing);
  return (served ?? {}) as JsonObject;
}

/** The pure part of it. Undefined when the value is a picture that is not known. */
export function serve(value: Json, lookUp: (hash: string) => KnownAsset | undefined): Json | undefined {
  const hash = hashOf(value);
  if (hash !== undefined) {
    const found = lookUp(hash);
    const form: ServedAsset | undefined = found && { url: found.url, width: found.width, height: found.height, alt: altOf(value), placeholder: found.placeholder };
    return form;
  }
  if (Array.isArray(value)) {
    const list = value.flatMap((entry) => serve(entry, lookUp) ?? []);
    return list.length === value.length && list.every((entry, i) => entry === value[i]) ? value : list;
  }
  if (!isObject(value)) return value;
  let changed = false;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    const next = serve(inner, lookUp);
    changed ||= next !== inner;
    return next === undefined ? [] : [[name, next]];
  });
  return changed ? Object.fromEntries(entries) : value;
}
