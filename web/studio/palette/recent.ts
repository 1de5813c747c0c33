// What was chosen lately in the palette, by frontend, the latest first.
import { recall, remember } from '../lib/recall';

const KEPT = 8;

const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every((entry) => typeof entry === 'string');

export const recentOf = (frontend: string): readonly string[] => recall<string[]>(`recent.${frontend}`, [], isList);

export const noteUse = (frontend: string, id: string): void =>
  remember(`recent.${frontend}`, [id, ...recentOf(frontend).filter((entry) => entry !== id)].slice(0, KEPT));
