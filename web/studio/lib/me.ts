// Who sits at this browser, as far as others are told: a name that can be changed, and a secret of this tab.
import { currentStanding } from '../access/viewer';
import { isText, recall, remember } from './recall';

const FIRST = ['Amber', 'Calm', 'Clear', 'Early', 'Gentle', 'Golden', 'Kind', 'Quiet', 'Silver', 'Swift', 'Warm', 'Wild'];
const LAST = ['Crane', 'Finch', 'Fox', 'Hare', 'Heron', 'Lark', 'Lynx', 'Otter', 'Robin', 'Seal', 'Stoat', 'Wren'];

const pick = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] ?? '';

export const MAX_NAME = 60;

/** Members have one; who is at a development server is called as this browser was told. */
export function myName(): string {
  const member = currentStanding().viewer?.member;
  if (member) return member.name.slice(0, MAX_NAME);
  const known = recall('name', '', isText);
  if (known !== '') return known;
  const made = `${pick(FIRST)} ${pick(LAST)}`;
  remember('name', made);
  return made;
}

export const callMe = (name: string): void => remember('name', name.trim().slice(0, MAX_NAME));

/** Tells this tab from every other. Nobody else may know it: whoever has it can say what this tab looks at. */
export const clientId: string = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
