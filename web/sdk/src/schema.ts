// Props are described by JSON Schema, whatever library writes it. Types follow where the library lets them.
import type { Asset, Json, Props } from './types.js';

/** What libraries have in common: https://standardschema.dev, as far as it is used here. */
export interface Standard<Output = unknown> {
  readonly '~standard': {
    readonly types?: { readonly output: Output } | undefined;
    readonly validate?: (value: unknown) => unknown;
    readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-2020-12' }) => object };
  };
}

type Flat<T> = { [K in keyof T]: T[K] } & {};
type FromObject<P, Required> = Flat<
  { readonly [K in keyof P as K extends Required ? K : never]: FromSchema<P[K]> } &
  { readonly [K in keyof P as K extends Required ? never : K]?: FromSchema<P[K]> | undefined }
>;

/** The type of what fits a JSON Schema literal, as far as types can tell; `Json` for what they cannot. */
export type FromSchema<S> =
  S extends { readonly format: 'asset' } ? Asset
    : S extends { readonly '~unsafe': infer T } ? T
      : S extends { readonly const: infer C } ? C
        : S extends { readonly enum: readonly (infer E)[] } ? E
          : S extends { readonly anyOf: readonly (infer U)[] } | { readonly oneOf: readonly (infer U)[] } ? FromSchema<U>
            : S extends { readonly type: 'string' } ? string
              : S extends { readonly type: 'number' | 'integer' } ? number
                : S extends { readonly type: 'boolean' } ? boolean
                  : S extends { readonly type: 'null' } ? null
                    : S extends { readonly type: 'array'; readonly items: infer I } ? readonly FromSchema<I>[]
                      : S extends { readonly type: 'object'; readonly properties: infer P } ? FromObject<P, S extends { readonly required: readonly (infer R)[] } ? R : never>
                        : S extends { readonly type: 'object' } ? Props
                          : Json;

/** The type of the props that a schema describes. */
export type PropsOf<S> =
  S extends { readonly '~standard': { readonly types?: infer T } } ? (NonNullable<T> extends { readonly output: infer O } ? O : Props)
    : S extends { readonly static: infer T } ? T
      : S extends { readonly _output: infer O } ? O
        : FromSchema<S>;

/** The schema of an image: an upload field in the studio, `{url, width, height, alt, placeholder}` as a prop. */
export interface AssetSchema {
  readonly type: 'object';
  readonly format: 'asset';
  readonly properties: {
    readonly url: { readonly type: 'string' };
    readonly width: { readonly type: 'integer' };
    readonly height: { readonly type: 'integer' };
    readonly alt: { readonly type: 'string' };
    readonly placeholder: { readonly type: 'string' };
  };
  readonly required: readonly ['url'];
}

/** The schema of a prop that takes an image. `more` holds further keywords, for instance `{title: 'Photo'}`. */
export function asset(more: { readonly title?: string; readonly description?: string } = {}): AssetSchema {
  return {
    type: 'object',
    format: 'asset',
    ...more,
    properties: { url: { type: 'string' }, width: { type: 'integer' }, height: { type: 'integer' }, alt: { type: 'string' }, placeholder: { type: 'string' } },
    required: ['url'],
  };
}

/**
 * The JSON Schema of a schema: by the given converter, by the standard's own (`~standard.jsonSchema`), by the method
 * `toJSONSchema`, or as it stands when it is JSON Schema already. Fails with what the library says.
 */
export function jsonSchemaOf(schema: object, convert?: (schema: never) => object): Json {
  const known = schema as Partial<Standard> & { readonly toJSONSchema?: () => object };
  const written = convert ? convert(schema as never)
    : known['~standard']?.jsonSchema ? known['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
      : typeof known.toJSONSchema === 'function' ? known.toJSONSchema()
        : known['~standard'] ? undefined
          : schema;
  if (!written) throw new Error('its schema library writes no JSON Schema by itself: give the converter as toJSONSchema');
  // Through text: only what JSON can hold reaches the server.
  const { $schema, ...rest } = JSON.parse(JSON.stringify(written)) as { readonly [name: string]: Json };
  void $schema; // draft 2020-12 is what the server reads; some libraries name another one for the same words
  return rest;
}

/** Props as the schema's library reads them, defaults filled in; as they are when it has none or they do not fit (a draft). */
export function readProps(schema: object, props: Props): unknown {
  const validate = (schema as Partial<Standard>)['~standard']?.validate;
  if (!validate) return props;
  const result = validate(props) as { readonly value?: unknown; readonly issues?: unknown; readonly then?: unknown };
  return result.issues || typeof result.then === 'function' ? props : result.value;
}
