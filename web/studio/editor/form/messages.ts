// What is wrong with a value, in the words of the person who typed it.
import { plural, sentence } from '../../lib/format';
import type { Json } from '../../lib/json';
import { typeOf } from './schema';

const KINDS: Record<string, string> = { string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'yes or no', object: 'a group', array: 'a list', null: 'nothing' };

const FORMATS: Record<string, string> = {
  uri: 'A full address such as https://example.com/',
  'uri-reference': 'An address such as /sale or https://example.com/, without spaces',
  date: 'A date such as 2026-01-31',
  time: 'A time such as 12:30:00Z',
  'date-time': 'A date with time such as 2026-01-31T12:00:00Z',
  email: 'An email address such as name@example.com',
  uuid: 'A UUID',
  ipv4: 'An IPv4 address',
};

export const kindWord = (type: string): string => (Object.hasOwn(KINDS, type) ? KINDS[type] ?? type : type);

/** "a number or a text" */
const either = (types: readonly string[]): string => types.map(kindWord).join(' or ');

export const REQUIRED = 'This is needed';

export function messageOf(keyword: string, said: string, value: Json | undefined): string {
  const [is = 0, limit = 0] = (/\((\d+) [<>] (\d+)\)/.exec(said)?.slice(1) ?? []).map(Number);
  const last = /(-?[\d.e+-]+)\.$/.exec(said)?.[1] ?? '';
  switch (keyword) {
    case 'required': return REQUIRED;
    case 'dependentRequired': return 'This is needed beside what else is given';
    case 'minLength': return is === 0 ? REQUIRED : `At least ${plural(limit, 'character')}: ${(limit - is).toLocaleString('en')} more`;
    case 'maxLength': return `At most ${plural(limit, 'character')}: ${(is - limit).toLocaleString('en')} too many`;
    case 'minItems': return `At least ${plural(limit, 'entry', 'entries')}: ${(limit - is).toLocaleString('en')} more`;
    case 'maxItems': return `At most ${plural(limit, 'entry', 'entries')}: ${(is - limit).toLocaleString('en')} too many`;
    case 'minimum': return `At least ${last}`;
    case 'maximum': return `At most ${last}`;
    case 'exclusiveMinimum': return `More than ${last}`;
    case 'exclusiveMaximum': return `Less than ${last}`;
    case 'multipleOf': return last === '1' ? 'A whole number' : `A multiple of ${last}`;
    case 'pattern': return 'Not in the form that is wanted here';
    case 'format': {
      const name = /"([^"]*)"\.$/.exec(said)?.[1] ?? '';
      return Object.hasOwn(FORMATS, name) ? FORMATS[name] ?? '' : `Not of the format ${name}`;
    }
    case 'enum': return 'None of the choices';
    case 'const': return `Must be ${/match (.*)\.$/s.exec(said)?.[1]?.slice(0, 60) ?? 'another value'}`;
    case 'type': {
      const wanted = [...(/Expected (.*)$/s.exec(said)?.[1] ?? '').matchAll(/"([a-z]+)"/g)].flatMap((match) => match.slice(1));
      return `Is ${kindWord(typeOf(value) ?? 'null')}, must be ${either(wanted)}`;
    }
    case 'uniqueItems': return 'The same entry stands here twice';
    case 'false': return 'Not known here';
    case 'oneOf': return /\((?!0)\d+ matches\)/.test(said) ? 'Fits more than one of the alternatives' : 'Fits none of the alternatives';
    case 'anyOf': return 'Fits none of the alternatives';
    case 'minProperties': case 'maxProperties': return keyword === 'minProperties' ? 'More is needed here' : 'Less would be right here';
    case 'contains': case 'minContains': case 'maxContains': return 'The list does not hold what it should';
    case 'not': return 'This value is ruled out';
    default: return sentence(said);
  }
}
