import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useStanding } from '../../access/viewer';
import { clientId } from '../../lib/me';
import type { Person } from '../types';
import { PRESENCE, PRESENCE_SET } from './documents';

/** Who looks at the screen, and tells the others where this one is. */
export function usePresence(screen: string, name: string, selected: string | null): readonly Person[] {
  const client = useClient();
  const { times } = useStanding();
  const [people, set] = useState<readonly Person[]>([]);
  const there = people.length > 0;
  const told = useRef<string | null>(null);
  useEffect(() => {
    const subscription = client.subscription(PRESENCE, { screen, client: clientId, name }).subscribe(({ data }) => {
      if (!data) return;
      const found = data.presence.people.map(({ id, name, blockKey, you }) => ({ id, name, blockKey: blockKey ?? null, you }));
      told.current = found.find(({ you }) => you)?.blockKey ?? null;
      set(found);
    });
    return () => subscription.unsubscribe();
  }, [client, screen, name, times]);
  // After a reconnect the server knows nothing of it, which its next event shows.
  useEffect(() => {
    if (!there || told.current === selected) return;
    const timer = setTimeout(() => {
      told.current = selected;
      void client.mutation(PRESENCE_SET, { input: { screen, client: clientId, blockKey: selected } }).toPromise();
    }, 120);
    return () => clearTimeout(timer);
  }, [client, screen, selected, there, people]);
  return people;
}

/** The first letters of the first two words of a name. */
export const initials = (name: string): string => name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]?.toUpperCase() ?? '').join('');
