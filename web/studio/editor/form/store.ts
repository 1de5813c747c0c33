// The state of one block's form. Fields subscribe to what concerns them, so that a keystroke redraws one field and not
// the form.
import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import { sentence } from '../../lib/format';
import { isObject, type Json, type JsonObject } from '../../lib/json';
import type { Editor, Problem } from '../types';
import { below, lookUp, patchBetween, replace, share, tokensOf, within } from './pointer';
import { Schemas, textOf, type Schema } from './schema';
import { findUnsafe } from './urls';
import type { Complaints } from './validate';

/** Something to say about a field. `nudge` asks, `bad` tells. */
export interface Said {
  readonly text: string;
  readonly tone: 'bad' | 'nudge';
}

interface Change {
  /** For the list of what was done: "Title changed". */
  readonly what: string;
  /** Typing: joined with what was typed just before, for one undo. */
  readonly typing?: boolean;
  /** How many objects around the place go when they would be left empty. */
  readonly prune?: number;
}

/** The server names the block, which is on the screen here. */
const withoutKey = (message: string, block: string): string => (message.startsWith(`${block}: `) ? message.slice(block.length + 2) : message);

const LINK_FORMATS = new Set(['uri', 'uri-reference', 'url', 'iri', 'iri-reference']);

export class FormStore {
  readonly schemas: Schemas;
  #validate: (props: JsonObject) => Complaints = () => new Map();
  #editor: Editor | undefined;
  #props: JsonObject = {};
  #said: ReadonlyMap<string, Said> = new Map();
  #revealed = { at: '', turn: 0 };
  readonly #refused = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  #checking: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly block: string, schema: JsonObject) {
    this.schemas = new Schemas(schema);
    void import('./validate').then(({ validatorOf }) => {
      this.#validate = validatorOf(schema);
      this.check();
    }, () => {
      // Without it what is wrong is still said by the server.
    });
  }

  /** The props as they are shown; what did not change is the same object as before. */
  take(editor: Editor, props: JsonObject): JsonObject {
    this.#editor = editor;
    this.#props = share(this.#props, props);
    return this.#props;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  get props(): JsonObject {
    return this.#props;
  }

  /** Changes one place and returns why not, if it cannot be. */
  set(at: string, value: Json | undefined, { what, typing = false, prune = 0 }: Change): string | undefined {
    const tokens = tokensOf(at);
    const named = tokens.findLast((token) => !/^\d+$/.test(token)) ?? '';
    const unsafe = value === undefined ? undefined : findUnsafe(value, at, named, (place) => this.isLink(place));
    if (unsafe) {
      this.#refused.set(at, unsafe.message);
      this.#publish();
      return unsafe.message;
    }
    this.#refused.delete(at);
    const next = replace(this.#props, at, value, prune);
    const patch = isObject(next) ? patchBetween(this.#props, next) : {};
    if (isObject(next) && Object.keys(patch).length > 0) {
      this.#props = next;
      this.#editor?.run([{ kind: 'SET_PROPS', key: this.block, patch }], what, typing ? `props ${this.block} ${at}` : undefined);
    }
    this.check();
    return undefined;
  }

  /** What was refused at a place and typed away again is no longer said. */
  forget(at: string): void {
    if (this.#refused.delete(at)) this.#publish();
  }

  isLink(at: string): boolean {
    const format = textOf(this.schemaAt(at), 'format');
    return format !== undefined && LINK_FORMATS.has(format);
  }

  schemaAt(at: string): Schema | undefined {
    let schema = this.schemas.resolve(this.schemas.root);
    let value: Json | undefined = this.#props;
    for (const token of tokensOf(at)) {
      schema = this.schemas.inside(schema, value, token);
      value = lookUp(value, below('', token));
    }
    return schema;
  }

  /** Looks at everything again, but not before what was typed is drawn. */
  check(): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => this.#publish(), 30);
  }

  stop(): void {
    clearTimeout(this.#checking);
  }

  #publish(): void {
    const said = new Map<string, Said>();
    const mine = this.#validate(this.#props);
    for (const [at, text] of mine) said.set(at, { text, tone: 'bad' });
    const settled = this.#editor?.saving === 'saved';
    for (const problem of this.#problems()) {
      const at = problem.pointer ?? '';
      // What the server said about props that it has not seen yet would be about the past.
      if (said.has(at) || (problem.code === 'PROPS_INVALID' && !settled)) continue;
      // The field asks for it itself, where the words are typed.
      if (problem.code === 'ALT_MISSING' && textOf(this.schemaAt(at), 'format') === 'asset') continue;
      said.set(at, { text: sentence(withoutKey(problem.message, this.block)), tone: problem.severity === 'ERROR' ? 'bad' : 'nudge' });
    }
    for (const [at, text] of this.#refused) said.set(at, { text, tone: 'bad' });
    // The same objects as before where nothing changed: only fields with news are drawn again.
    this.#said = new Map([...said].map(([at, entry]) => {
      const before = this.#said.get(at);
      return [at, before?.text === entry.text && before.tone === entry.tone ? before : entry];
    }));
    this.#tell();
  }

  #problems(): readonly Problem[] {
    return this.#editor?.screen.problems.filter(({ blockKey }) => blockKey === this.block) ?? [];
  }

  said = (): ReadonlyMap<string, Said> => this.#said;

  /** Opens whatever hides a place. */
  reveal(at: string): void {
    this.#revealed = { at, turn: this.#revealed.turn + 1 };
    this.#tell();
  }

  #settling: string | undefined;

  /** The field at a place is about to become another one, which goes on with the focus. */
  settle(at: string): void {
    this.#settling = at;
  }

  settled(at: string): boolean {
    const mine = this.#settling === at;
    if (mine) this.#settling = undefined;
    return mine;
  }

  /** Puts the focus into the field at a place, once it is there. */
  want: (at: string) => void = () => undefined;

  revealed = (): { readonly at: string; readonly turn: number } => this.#revealed;
}

const StoreContext = createContext<FormStore | null>(null);
export const StoreProvider = StoreContext;

export function useForm(): FormStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error('a field was shown outside of a form');
  return store;
}

/** What is to be said about a place. */
export function useSaid(at: string): Said | undefined {
  const store = useForm();
  return useSyncExternalStore(store.subscribe, () => store.said().get(at));
}

/** How many places in a part of the form are wrong. */
export function useTrouble(at: string): number {
  const store = useForm();
  return useSyncExternalStore(store.subscribe, () => {
    let count = 0;
    for (const [place, { tone }] of store.said()) if (tone === 'bad' && within(at, place)) count++;
    return count;
  });
}

/** Calls back when somebody wants to see a place inside this one. */
export function useReveal(at: string, open: (place: string) => void): void {
  const store = useForm();
  const { at: place, turn } = useSyncExternalStore(store.subscribe, store.revealed);
  const latest = useRef(open);
  useEffect(() => {
    latest.current = open;
  });
  useEffect(() => {
    // A part that appears because something around it was opened belongs to the same wish.
    if (turn > 0 && within(at, place)) latest.current(place);
  }, [at, place, turn]);
}
