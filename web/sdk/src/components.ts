/**
 * Components declared in code. A frontend's build registers them (`sonata-manifest`, `sonata build register`); designers
 * place them; `render` draws them.
 *
 * @packageDocumentation
 */
import { jsonSchemaOf, readProps, type PropsOf } from './schema.js';
import type { Block, Json, Props } from './types.js';

export { asset, type AssetSchema, type FromSchema, type PropsOf } from './schema.js';

/** What a component is given to draw one block. */
export interface BlockInput<P = Props, Slot extends string = string, Node = unknown> {
  /** As the schema describes them. In a preview of a draft they may not fit yet. */
  readonly props: P;
  readonly block: Block;
  /** For a `bare` component: to be spread on its outermost element. */
  readonly mark: Mark;
  /** The blocks in a slot, ready to be placed. */
  slot(name: Slot): Node;
}

/** Attributes by which the studio and the usage report find a block. */
export interface Mark {
  readonly 'data-block': string;
  /** On the root of a screen: the key of the screen. */
  readonly 'data-screen'?: string;
}

/** One version of a component: its contract and how it is drawn. */
export interface Definition<P = Props, Slot extends string = string, Node = unknown> {
  /** Lower-case letters, digits and dashes, for instance `product-grid`. */
  readonly key: string;
  /** major.minor. What only adds is a new minor, what breaks a new major. */
  readonly version: string;
  /** Versions that `render` can draw, a semver range; `^major` when omitted. */
  readonly range?: string | undefined;
  /** Name to show; the key when omitted. */
  readonly title?: string | undefined;
  /** Group in the palette. */
  readonly category?: string | undefined;
  /** The schema of the props, in the words of its library. */
  readonly schema: object;
  /** Converts the schema, for a library that does not do so by itself. */
  readonly toJSONSchema?: ((schema: never) => object) | undefined;
  readonly slots: readonly Slot[];
  /** What stands in where a build cannot draw it: `{component, major, props}`. */
  readonly fallback?: Json | undefined;
  /** Examples of props: `[{title, props}]`. */
  readonly examples?: Json | undefined;
  /** Hints for the form. */
  readonly ui?: Json | undefined;
  /** True: no element is put around the block; it spreads `mark` on its outermost element itself. */
  readonly bare: boolean;
  render(input: BlockInput<P, Slot, Node>): Node;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyDefinition = Definition<any, any, any>;

/** What `defineComponent` takes: `Definition` with `props` for the schema, and defaults. */
export interface Declaration<S extends object, Slot extends string, Node> extends Partial<Omit<Definition<PropsOf<S>, Slot, Node>, 'schema' | 'toJSONSchema' | 'render'>> {
  readonly key: string;
  readonly version: `${number}.${number}`;
  /**
   * Schema of the props: zod, TypeBox, valibot (through `toStandardJsonSchema`, or with `toJSONSchema`), any other library
   * that speaks Standard JSON Schema, or plain JSON Schema. Any object when omitted.
   */
  readonly props?: S;
  readonly toJSONSchema?: (schema: S) => object;
  /** Draws one block. A block is drawn inside `<div data-block="…" style="display: contents">` unless it is `bare`. */
  render(input: BlockInput<PropsOf<S>, Slot, Node>): Node;
}

/** `defineComponent` for renderers that draw a `Node`. */
export type Define<Node> = <const S extends object = { readonly type: 'object' }, const Slot extends string = never>(declaration: Declaration<S, Slot, Node>) => Definition<PropsOf<S>, Slot, Node>;

/** Declares one version of a component. The object is data: nothing is registered by making it. */
export const defineComponent: Define<unknown> = ({ props, slots = [], bare = false, ...rest }) =>
  ({ ...rest, schema: props ?? { type: 'object' }, slots, bare }) as never;

/** Whether a value is a component: so that a registry can be a whole module. */
export const isDefinition = (value: unknown): value is AnyDefinition => {
  const d = value as Partial<Definition> | null | undefined;
  return typeof d === 'object' && d !== null && typeof d.key === 'string' && typeof d.version === 'string' && typeof d.schema === 'object' && d.render !== undefined;
};

/** Components: a module (`import * as blocks from './blocks'`), an object or a list of definitions; the rest is ignored. */
export type Components = object;

/** All definitions in a module, an object or a list, lists in it included. */
export const definitionsIn = (components: Components): AnyDefinition[] => Object.values(components).flatMap((value: unknown) => (Array.isArray(value) ? value : [value])).filter(isDefinition);

const majorOf = (version: string): string => version.split('.', 1)[0] ?? '';

/** A look-up by block: the component of its key and major version; undefined for one that this build does not have. */
export function registryOf(components: Components): (block: Block) => AnyDefinition | undefined {
  const found = new Map<string, AnyDefinition>();
  const minor = (d: AnyDefinition | undefined): number => (d ? Number(d.version.split('.')[1]) : -1);
  for (const definition of definitionsIn(components)) {
    const at = `${definition.key} ${majorOf(definition.version)}`;
    if (minor(definition) > minor(found.get(at))) found.set(at, definition);
  }
  return (block) => found.get(`${block.component} ${majorOf(block.version)}`);
}

/** The props of a block as its component expects them. */
export const propsFor = (definition: AnyDefinition, block: Block): unknown => readProps(definition.schema, block.props);

/** What `sonata build register` reads. */
export interface Manifest {
  readonly components: readonly { readonly [name: string]: Json }[];
}

/** Describes components for registration. Fails with a sentence that names the component. */
export function manifestOf(components: Components): Manifest {
  const seen = new Set<string>();
  const entries = definitionsIn(components).map((d) => {
    const name = `${d.key} ${d.version}`;
    if (!/^[a-z][a-z0-9-]*$/.test(d.key)) throw new Error(`the component ${JSON.stringify(d.key)}: a key has lower-case letters, digits and dashes, and begins with a letter`);
    if (!/^(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(d.version)) throw new Error(`the component ${d.key}: ${JSON.stringify(d.version)} is not a version, write major.minor`);
    if (seen.has(name)) throw new Error(`the component ${name} is there twice`);
    seen.add(name);
    let propsSchema: Json;
    try {
      propsSchema = jsonSchemaOf(d.schema, d.toJSONSchema);
    } catch (error) {
      throw new Error(`the component ${name}: ${(error as Error).message}`, { cause: error });
    }
    const { key, version, range, title, category, fallback, examples, ui: uiSchema, slots } = d;
    // Through text, so that what is undefined is left out.
    return JSON.parse(JSON.stringify({ key, version, range, title, category, propsSchema, uiSchema, slots, fallback, examples })) as { readonly [name: string]: Json };
  });
  // Sorted, so that the file does not depend on how a module was written or loaded.
  const order = (e: { readonly [name: string]: Json }): string => `${String(e['key'])} ${String(e['version']).padStart(12, '0')}`;
  return { components: entries.sort((a, b) => (order(a) < order(b) ? -1 : 1)) };
}
