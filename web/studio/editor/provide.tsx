// The editor of one screen, for everything below it.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useClient } from 'urql';
import { useSearch } from 'wouter';
import { useMayEdit } from '../access/here';
import { denied } from '../access/say';
import { currentStanding } from '../access/viewer';
import { useActivity } from '../lib/activity';
import { useConnection } from '../lib/client';
import { myName } from '../lib/me';
import { useSaveBeforePublish } from '../lib/publish';
import { toast } from '../lib/toast';
import { useTitle } from '../ui/page';
import { EditorContext } from './context';
import { blockName } from './label';
import { draftOf, placesOf } from './model/draft';
import { FACTS } from './session/documents';
import type { ScreenData } from './session/find';
import { outboxOf } from './session/outbox';
import { usePresence } from './session/presence';
import { factsOf, remoteOf, type WireFacts } from './session/remote';
import { Session } from './session/session';
import { SessionContext } from './session/context';
import type { Catalogue, Draft, Editor } from './types';

interface ProvideProps {
  readonly screen: ScreenData;
  readonly catalogue: Catalogue;
  readonly children: ReactNode;
}

export function Provide({ screen, catalogue, children }: ProvideProps): ReactNode {
  const client = useClient();
  const connection = useConnection();
  const may = useMayEdit();
  const [name, setName] = useState(myName);
  const [selected, select] = useSelection();
  const now = useRef({ catalogue, selected, select });
  useEffect(() => {
    now.current = { catalogue, selected, select };
  });

  const [session] = useState((): Session => new Session(draftOf(screen.blocks), factsOf(screen), remoteOf(client, screen.id), outboxOf(outboxName(screen.id), () => {
    toast({ message: 'This browser has no room to keep what is not saved. Stay on this page until it says “Saved”.', tone: 'bad' });
  }), {
    say: (message, tone = 'plain') => toast({ message, tone }),
    name: (block) => blockName(now.current.catalogue, block),
    removed: (keys, before, by) => {
      const { selected, select, catalogue } = now.current;
      if (selected === null || !keys.has(selected)) return;
      if (session.view().conflicts.some(({ block }) => block === selected)) return;
      toast({ message: `${by || 'Somebody'} deleted ${blockName(catalogue, before.blocks.get(selected))}.` });
      select(survivor(before, selected, keys));
    },
  }));
  const view = useSyncExternalStore(session.subscribe, session.view);

  useEffect(() => session.start(), [session]);
  useLeaving(session);
  useSaveBeforePublish(useCallback(() => saved(session), [session]));
  useEffect(() => {
    if (connection === 'open') session.wake();
  }, [connection, session]);

  // A publish makes the draft equal to what is live; a build that is registered mends problems, or makes some.
  useActivity(['RELEASES', 'COMPONENTS'], () => {
    void client.query(FACTS, { id: screen.id }, { requestPolicy: 'network-only' }).toPromise().then(({ data }) => {
      if (data?.node && 'version' in data.node) session.refresh(factsOf(data.node as WireFacts));
    });
  });

  // A block that somebody else deleted stays selected as long as there is something to choose about it.
  const shown = selected !== null && (view.draft.blocks.has(selected) || view.conflicts.some(({ block }) => block === selected)) ? selected : null;
  const people = usePresence(screen.id, name, shown);
  useTitle(view.facts.title);

  const turn = useCallback((side: 'undo' | 'redo') => {
    const key = session.turn(side);
    if (key !== undefined) select(key);
  }, [session, select]);

  const editor = useMemo((): Editor => ({
    screen: { id: screen.id, key: screen.key, title: view.facts.title, path: view.facts.path, version: view.facts.version, problems: view.problems },
    draft: view.draft, saving: view.saving, conflicts: view.conflicts, canUndo: view.canUndo, canRedo: view.canRedo,
    catalogue, selected: shown, select, people,
    run: (ops, what, merge) => void (denied(may) || session.run(ops, what, merge)),
    undo: () => void (denied(may) || turn('undo')), redo: () => void (denied(may) || turn('redo')), may,
  }), [screen.id, screen.key, view, catalogue, shown, select, people, session, turn, may]);
  const own = useMemo(() => ({ session, facts: view.facts, deleted: view.deleted, name, setName }), [session, view.facts, view.deleted, name]);
  return <SessionContext value={own}><EditorContext value={editor}>{children}</EditorContext></SessionContext>;
}

/** Whoever signs in here next must not send what somebody else has typed. */
function outboxName(screen: string): string {
  const member = currentStanding().viewer?.member;
  return member ? `${member.id}.${screen}` : screen;
}

/** The nearest block above that is still there. */
function survivor(before: Draft, key: string, gone: ReadonlySet<string>): string | null {
  const places = placesOf(before);
  let at: string | undefined = key;
  while (at !== undefined && gone.has(at)) at = places.get(at)?.parent;
  return at ?? null;
}

/** The selected block stands in the address, so that it can be passed on; not at each key press, browsers resent that. */
function useSelection(): readonly [string | null, (key: string | null) => void] {
  const search = useSearch();
  const inAddress = new URLSearchParams(search).get('block');
  const [selected, set] = useState(inAddress);
  const [seen, see] = useState(inAddress);
  if (seen !== inAddress) {
    see(inAddress);
    set(inAddress);
  }
  useEffect(() => {
    if (selected === new URLSearchParams(location.search).get('block')) return;
    const timer = setTimeout(() => {
      const address = new URL(location.href);
      if (selected === null) address.searchParams.delete('block');
      else address.searchParams.set('block', selected);
      see(selected);
      history.replaceState(history.state, '', address);
    }, 250);
    return () => clearTimeout(timer);
  }, [selected]);
  return [selected, set];
}

/** Sends what waits, and is there once the server has it, or cannot have it now. */
function saved(session: Session): Promise<void> {
  session.flush();
  return new Promise((resolve) => {
    const look = (): void => {
      if (session.view().saving === 'saving') return;
      stop();
      resolve();
    };
    const stop = session.subscribe(look);
    look();
  });
}

/** Whoever leaves the page has sent what can be sent; the rest is kept. */
function useLeaving(session: Session): void {
  useEffect(() => {
    const flush = (): void => session.flush();
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') session.flush();
      else session.wake();
    };
    // A page that comes back out of the browser's memory has lost its lines.
    const back = (event: PageTransitionEvent): void => {
      if (event.persisted) location.reload();
    };
    const online = (): void => session.wake();
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('pagehide', flush);
    window.addEventListener('pageshow', back);
    window.addEventListener('online', online);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('pagehide', flush);
      window.removeEventListener('pageshow', back);
      window.removeEventListener('online', online);
    };
  }, [session]);
}
