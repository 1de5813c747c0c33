import { isObject, own, type Json, type JsonObject } from '../lib/json';

export interface Example {
  readonly title: string;
  readonly props: JsonObject;
}

const MOST = 20;

/** Examples as they were registered: `{ title, props }` each, or bare props. */
export function examplesOf(examples: Json | undefined): readonly Example[] {
  if (!Array.isArray(examples)) return isObject(examples) ? [{ title: 'Example', props: examples }] : [];
  return examples.slice(0, MOST).flatMap((entry, i): readonly Example[] => {
    if (!isObject(entry)) return [];
    const props = own(entry, 'props');
    const title = own(entry, 'title');
    const name = typeof title === 'string' && title !== '' ? title : `Example ${i + 1}`;
    return [isObject(props) ? { title: name, props } : { title: `Example ${i + 1}`, props: entry }];
  });
}
