// What the blocks of a draft are bound to, as samples: asked for when the editor opens and whenever a binding changes.
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useClient, type Client } from 'urql';
import type { Draft } from '../editor/types';
import type { Json, JsonObject } from '../lib/json';
import { bindingsIn, type Binding } from './envelope';
import { fill, valueOf } from './fill';
import { BINDABLE } from './graph';
import { keep, questionOf, run, sampleOf, subscribe, versionOfSamples } from './sample';
import { given } from './variables';

/** A sample that is as old as this is asked for anew when the editor opens, in milliseconds. */
const STALE = 60_000;
const AGAIN_AFTER_FAILURE = 15_000;
/** As on the server: different questions of one screen. */
const MOST_QUESTIONS = 20;

type Params = Readonly<Record<string, string>>;

// Props that did not change are not looked through again.
const known = new WeakMap<JsonObject, readonly Binding[]>();
function bindingsOf(props: JsonObject): readonly Binding[] {
  let found = known.get(props);
  if (!found) {
    found = bindingsIn(props);
    known.set(props, found);
  }
  return found;
}

/** Types of the variables by document; a path gives texts, and a number has to become one. */
const types = new Map<string, Promise<ReadonlyMap<string, string> | undefined>>();

/** Undefined for a document that is not registered; whoever may not look at documents may still run them. */
function typesOf(client: Client, slug: string, hash: string): Promise<ReadonlyMap<string, string> | undefined> {
  const name = `${slug} ${hash}`;
  let found = types.get(name);
  if (!found) {
    found = client.query(BINDABLE, { slug, hash }, { requestPolicy: 'cache-first' }).toPromise().then(({ data }) => {
      const node = data?.frontend?.documents?.edges[0]?.node;
      if (!node) types.delete(name);
      if (!node && data?.frontend?.documents) return undefined;
      return new Map(node?.variables.map((variable) => [variable.name, variable.type]));
    });
    types.set(name, found);
  }
  return found;
}

const asking = new Set<string>();
/** Which question a binding asks, once the types of its variables are known. */
const questions = new Map<string, string>();
const MOST_REMEMBERED = 500;

const nameOf = (slug: string, { document, variables }: Binding, params: Params): string => `${questionOf(slug, document, variables)} ${JSON.stringify(params)}`;

async function want(client: Client, slug: string, binding: Binding, params: Params, stale: number): Promise<void> {
  const typed = await typesOf(client, slug, binding.document);
  if (!typed) return;
  const variables = given(binding.variables, params, (name) => typed.get(name));
  const question = questionOf(slug, binding.document, variables);
  if (questions.size > MOST_REMEMBERED) questions.clear();
  questions.set(nameOf(slug, binding, params), question);
  const last = sampleOf(question);
  if (asking.has(question) || (last && Date.now() - last.at < (last.problem ? AGAIN_AFTER_FAILURE : stale))) return last && keep(question, last);
  asking.add(question);
  try {
    keep(question, await run(slug, binding.document, variables));
  } finally {
    asking.delete(question);
  }
}

/** A function that fills props with samples; another function whenever more is known. */
export function useSamples(slug: string, drafts: readonly Draft[], params: Params): (props: JsonObject) => JsonObject {
  const client = useClient();
  const version = useSyncExternalStore(subscribe, versionOfSamples);
  const bindings = drafts.flatMap((draft) => [...draft.blocks.values()].flatMap(({ props }) => bindingsOf(props)));
  // The text changes with what is asked, not with every letter that is typed elsewhere.
  const wanted = JSON.stringify([...new Map(bindings.map((binding) => [nameOf(slug, binding, params), binding])).values()].slice(0, MOST_QUESTIONS).map(({ document, variables }) => ({ document, variables })));
  const opened = useRef(false);
  useEffect(() => {
    const stale = opened.current ? Number.POSITIVE_INFINITY : STALE;
    opened.current = true;
    for (const { document, variables } of JSON.parse(wanted) as Pick<Binding, 'document' | 'variables'>[]) void want(client, slug, { document, variables, path: '', map: undefined, byPage: false }, params, stale);
  }, [client, slug, wanted, params]);
  const look = useCallback((binding: Binding): Json | undefined => {
    const question = questions.get(nameOf(slug, binding, params));
    return question === undefined ? undefined : valueOf(binding, sampleOf(question)?.data);
  }, [slug, params]);
  // `version` changes when a sample came.
  return useMemo(() => (props: JsonObject) => (fill(props, look) ?? {}) as JsonObject, [look, version]);
}

