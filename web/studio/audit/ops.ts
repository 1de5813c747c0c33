// Ops of an edit in words: the JSON beside them has the values.
import { and, words } from '../lib/format';
import { isObject, own, type Json } from '../lib/json';

const text = (value: Json | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '?');

/** "Hero: title set", "Grid moved". */
function opWords(op: Json): string {
  if (!isObject(op)) return 'something';
  const key = text(own(op, 'key'));
  switch (own(op, 'kind')) {
    case 'SET_PROPS': {
      const patch = own(op, 'patch');
      const names = isObject(patch) ? Object.keys(patch) : [];
      return `${key}: ${names.length > 0 ? and(names.map((name) => words(name).toLowerCase())) : 'nothing'} set`;
    }
    case 'INSERT': return `${key} inserted`;
    case 'MOVE': return `${key} moved`;
    case 'REMOVE': return `${key} removed`;
    case 'UPGRADE': return `${key} upgraded to version ${text(own(op, 'major'))}`;
    default: return `${key} changed`;
  }
}

const MOST = 8;

export function opsWords(ops: readonly Json[]): string {
  const told = ops.slice(0, MOST).map(opWords);
  return [...told, ...(ops.length > MOST ? [`and ${ops.length - MOST} more`] : [])].join(', ');
}
