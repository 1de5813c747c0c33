import { toast } from '../lib/toast';
import type { May } from './may';

let close: () => void = () => undefined;

/** Says why something is not done, for what has no control to say it at: keys, drags. Returns whether it is denied. */
export function denied(may: May): boolean {
  if (may.allowed) return false;
  close();
  close = toast({ message: may.why, tone: 'bad', stays: 9_000 });
  return true;
}
