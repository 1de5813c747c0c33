// How the draft is looked at: what this browser remembers of it.
import { useState } from 'react';
import { isObject } from '../lib/json';
import { recall, remember } from '../lib/recall';

export const WIDTHS = ['360', '768', '1280', 'full'] as const;
export type Width = (typeof WIDTHS)[number];

const isWidth = (value: unknown): value is Width => WIDTHS.some((width) => width === value);
const isRecord = (value: unknown): value is Record<string, string> => isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');

export function useWidth(): readonly [Width, (width: Width) => void] {
  const [width, set] = useState(() => recall<Width>('preview.width', 'full', isWidth));
  return [width, (next) => {
    remember('preview.width', next);
    set(next);
  }];
}

/** What was chosen for the parameters of a screen's path. */
export function useExamples(frontend: string, screen: string): readonly [ReadonlyMap<string, string>, (name: string, value: string) => void] {
  const place = `preview.example.${frontend}.${screen}`;
  const [chosen, set] = useState<ReadonlyMap<string, string>>(() => new Map(Object.entries(recall(place, {}, isRecord))));
  return [chosen, (name, value) => {
    const next = new Map(chosen).set(name, value);
    remember(place, Object.fromEntries(next));
    set(next);
  }];
}
