// Props get their types from the schema. This file is only compiled: a wrong type fails the build.
import { toStandardJsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { asset, defineComponent, page } from '@sonata/sdk/react';
import type { Asset } from '@sonata/sdk';
import Type from 'typebox';
import * as v from 'valibot';
import { z } from 'zod';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(..._: T[]): void => undefined;

export const plain = defineComponent({
  key: 'plain', version: '1.0', slots: ['children', 'aside'],
  props: {
    type: 'object',
    properties: {
      title: { type: 'string' }, columns: { type: 'integer' }, tone: { enum: ['warm', 'cold'] }, photo: asset({ title: 'Photo' }),
      links: { type: 'array', items: { type: 'object', properties: { href: { type: 'string' } }, required: ['href'] } },
    },
    required: ['title'],
  },
  render({ props, slot }) {
    is<Equal<typeof props.title, string>>();
    is<Equal<typeof props.columns, number | undefined>>();
    is<Equal<typeof props.tone, 'warm' | 'cold' | undefined>>();
    is<Equal<typeof props.photo, Asset | undefined>>();
    is<Equal<NonNullable<typeof props.links>, readonly { readonly href: string }[]>>();
    // @ts-expect-error: no such prop
    void props.missing;
    // @ts-expect-error: no such slot
    slot('footer');
    return slot('aside');
  },
});

export const withZod = defineComponent({
  key: 'with-zod', version: '1.0',
  props: z.object({ title: z.string(), columns: z.number().default(3), tone: z.enum(['warm', 'cold']).optional() }),
  render({ props }) {
    is<Equal<typeof props, { title: string; columns: number; tone?: 'warm' | 'cold' | undefined }>>();
    return props.title;
  },
});

const valibot = v.object({ title: v.string(), columns: v.optional(v.number(), 3) });
export const withValibot = defineComponent({
  key: 'with-valibot', version: '1.0', props: toStandardJsonSchema(valibot),
  render({ props }) {
    is<Equal<typeof props, { title: string; columns: number }>>();
    return props.title;
  },
});
export const withConverter = defineComponent({
  key: 'with-converter', version: '1.0', props: valibot, toJSONSchema: (schema) => toJsonSchema(schema),
  render({ props }) {
    is<Equal<typeof props, { title: string; columns: number }>>();
    return props.title;
  },
});

export const withTypeBox = defineComponent({
  key: 'with-typebox', version: '1.0',
  props: Type.Object({ title: Type.String(), columns: Type.Optional(Type.Number()), photo: Type.Optional(Type.Unsafe<Asset>(asset())) }),
  render({ props }) {
    is<Equal<typeof props.title, string>>();
    is<Equal<typeof props.columns, number | undefined>>();
    is<Equal<typeof props.photo, Asset | undefined>>();
    return props.title;
  },
});

// @ts-expect-error: a version is major.minor
defineComponent({ key: 'x', version: 'one', render: () => null });

export { page };
