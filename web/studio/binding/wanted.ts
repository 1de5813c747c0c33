import { kindWord } from '../editor/form/messages';
import { isObject, own, type Json, type JsonObject } from '../lib/json';
import { conjuncts } from './fit';

/** The kinds that a place takes, as words: "a text". */
export function typesWanted(root: JsonObject, schema: Json, depth = 0): readonly string[] {
  const words = conjuncts(root, schema).filter(isObject).flatMap((part): readonly string[] => {
    const type = own(part, 'type');
    const names = (Array.isArray(type) ? type : [type]).filter((name): name is string => typeof name === 'string' && name !== 'null');
    if (names.length > 0) return names.map(kindWord);
    const branches = own(part, 'anyOf') ?? own(part, 'oneOf');
    return Array.isArray(branches) && depth < 3 ? branches.flatMap((branch) => typesWanted(root, branch, depth + 1)) : [];
  });
  return [...new Set(words)];
}
