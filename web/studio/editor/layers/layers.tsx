import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useActions, useFrame } from '../actions';
import { useEditor } from '../context';
import { titleOf } from '../label';
import { lineage } from '../model/draft';
import { insideOf } from '../model/moves';
import { rowsOf, type Row } from '../model/rows';
import type { Person, Problem } from '../types';
import { landing, type Landing } from './drag';
import { step, typeAhead } from './keyboard';
import './layers.css';
import { LayerMenu } from './menu';
import { LayerRow } from './row';

const DIRECTIONS = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'out', ArrowRight: 'into' } as const;

/** The blocks of the screen as a tree. */
export function Layers({ focusOn }: { readonly focusOn: { readonly key: string } | undefined }): ReactNode {
  const { draft, catalogue, selected, select, screen, conflicts, people } = useEditor();
  const actions = useActions();
  const { insert, props } = useFrame();
  const tree = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string>(selected ?? draft.root);
  const [menu, setMenu] = useState<{ readonly id: string; readonly anchor: HTMLElement }>();
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<Landing>();
  const rows = useMemo(() => rowsOf(draft, catalogue, closed), [draft, catalogue, closed]);
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  const problems = useMemo(() => worst(screen.problems), [screen.problems]);
  const here = useMemo(() => byBlock(people), [people]);
  const torn = useMemo(() => new Set(conflicts.map(({ block }) => block)), [conflicts]);
  const focusAfter = useRef(false);

  const element = useCallback((id: string) => tree.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`), []);

  // What is selected elsewhere, in the preview for instance, is opened and shown here, too.
  const [seen, see] = useState(selected);
  if (seen !== selected) {
    see(selected);
    if (selected !== null && at !== selected && !at.startsWith(`${selected}/`)) setAt(selected);
    if (selected !== null && !byId.has(selected)) {
      const above = new Set(lineage(draft, selected).slice(1));
      setClosed((now) => new Set([...now].filter((id) => !above.has(id.split('/', 1)[0] ?? ''))));
    }
  }
  // Something new was put in: that is where one goes on.
  const [asked, hear] = useState(focusOn);
  if (asked !== focusOn) {
    hear(focusOn);
    if (focusOn) setAt(focusOn.key);
  }
  useEffect(() => {
    if (!focusOn) return;
    const timer = setTimeout(() => element(focusOn.key)?.focus({ preventScroll: true }), 40);
    return () => clearTimeout(timer);
  }, [element, focusOn]);
  const focused = byId.has(at) ? at : selected !== null && byId.has(selected) ? selected : draft.root;

  useLayoutEffect(() => {
    if (!focusAfter.current) return;
    focusAfter.current = false;
    element(focused)?.focus({ preventScroll: true });
  });
  useEffect(() => {
    element(focused)?.scrollIntoView({ block: 'nearest' });
  }, [element, focused]);

  const openMenu = (id: string): void => {
    const anchor = element(id);
    focusAfter.current = false;
    if (anchor) setMenu({ id, anchor });
  };
  const closeMenu = useCallback((elsewhere: boolean) => {
    focusAfter.current = !elsewhere;
    setMenu(undefined);
  }, []);
  const go = (id: string): void => {
    const row = byId.get(id);
    if (!row) return;
    setAt(id);
    focusAfter.current = true;
    select(row.key);
  };
  const toggle = (id: string): void => setClosed((now) => {
    const next = new Set(now);
    if (!next.delete(id)) next.add(id);
    return next;
  });

  const typed = useRef({ text: '', at: 0 });
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = byId.get(focused);
    if (!row || event.ctrlKey || event.metaKey || (event.target as HTMLElement).closest('[role=tree]') !== tree.current) return;
    const done = act(event, row);
    if (done) event.preventDefault();
  };
  const act = (event: KeyboardEvent, row: Row): boolean => {
    const { key } = event;
    if (event.altKey) {
      if (row.slot !== undefined || !Object.hasOwn(DIRECTIONS, key)) return false;
      focusAfter.current = actions.move(row.key, DIRECTIONS[key as keyof typeof DIRECTIONS]);
      return true;
    }
    if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) {
      if (row.slot === undefined) openMenu(row.id);
      return true;
    }
    if ((key === 'Delete' || key === 'Backspace') && row.slot === undefined) {
      focusAfter.current = true;
      actions.remove(row.key);
      return true;
    }
    if (key === 'Enter') {
      select(row.key);
      props();
      return true;
    }
    if (key === '/') {
      insert(row.slot === undefined ? undefined : insideOf(draft, catalogue, row.key, row.slot));
      event.stopPropagation();
      return true;
    }
    const next = step(rows, row.id, key);
    if (next && 'to' in next) go(next.to);
    else if (next) toggle(next.toggle);
    if (next || /^(Arrow|Home|End)/.test(key)) return true;
    if (key.length !== 1 || /[\d?\s]/.test(key) || event.shiftKey && key === '?') return false;
    const now = Date.now();
    typed.current = { text: now - typed.current.at < 600 ? typed.current.text + key : key, at: now };
    const found = typeAhead(rows, row.id, typed.current.text, (candidate) => candidate.slot ?? titleOf(catalogue, draft.blocks.get(candidate.key)?.component ?? ''));
    if (found !== undefined) go(found);
    return true;
  };

  const rowAt = (event: { readonly target: EventTarget }): Row | undefined => byId.get((event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row ?? '');
  const onClick = (event: MouseEvent): void => {
    const row = rowAt(event);
    if (!row) return;
    if ((event.target as HTMLElement).closest('[data-toggle]')) toggle(row.id);
    go(row.id);
    if ((event.target as HTMLElement).closest('[data-menu]')) openMenu(row.id);
  };
  const onContextMenu = (event: MouseEvent): void => {
    const row = rowAt(event);
    if (!row || row.slot !== undefined) return;
    event.preventDefault();
    go(row.id);
    openMenu(row.id);
  };

  const onDragOver = (event: DragEvent): void => {
    const row = rowAt(event);
    const box = row && element(row.id)?.getBoundingClientRect();
    const target = row && box && dragged !== undefined ? landing(draft, catalogue, dragged, row, (event.clientY - box.top) / box.height) : undefined;
    if (target) event.preventDefault();
    if (target?.row !== over?.row || target?.drop !== over?.drop) setOver(target);
  };
  const endDrag = (): void => {
    setDragged(undefined);
    setOver(undefined);
  };

  return (
    <>
      <div
        ref={tree} role="tree" aria-label="Layers" className="layers"
        onKeyDown={onKeyDown} onClick={onClick} onContextMenu={onContextMenu} onDragOver={onDragOver} onDragEnd={endDrag}
        onFocus={(event) => {
          const row = rowAt(event);
          if (row && row.id !== at) setAt(row.id);
        }}
        onDragStart={(event) => {
          const row = rowAt(event);
          if (!row) return;
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', actions.nameOf(row.key));
          setDragged(row.key);
        }}
        onDrop={(event) => {
          event.preventDefault();
          if (dragged !== undefined && over) {
            focusAfter.current = true;
            actions.place(dragged, over.place);
          }
          endDrag();
        }}
      >
        {rows.map((row) => {
          const block = draft.blocks.get(row.key);
          return block && (
            <LayerRow
              key={row.id} row={stable(row)} block={block} catalogue={catalogue} selected={row.slot === undefined && row.key === selected} tabbable={row.id === focused}
              problem={row.slot === undefined ? problems.get(row.key) : undefined} conflict={row.slot === undefined && torn.has(row.key)} people={row.slot === undefined ? here.get(row.key) : undefined}
              drop={over?.row === row.id ? over.drop : undefined} dragged={dragged === row.key}
            />
          );
        })}
      </div>
      {menu && byId.has(menu.id) && <LayerMenu blockKey={menu.id} anchor={menu.anchor} close={closeMenu} />}
    </>
  );
}

function worst(problems: readonly Problem[]): ReadonlyMap<string, 'ERROR' | 'WARNING'> {
  const found = new Map<string, 'ERROR' | 'WARNING'>();
  for (const { blockKey, severity } of problems) {
    if (blockKey === null || severity === 'INFO' || found.get(blockKey) === 'ERROR') continue;
    found.set(blockKey, severity);
  }
  return found;
}

function byBlock(people: readonly Person[]): ReadonlyMap<string, readonly Person[]> {
  const found = new Map<string, Person[]>();
  for (const person of people) if (!person.you && person.blockKey !== null) found.set(person.blockKey, [...(found.get(person.blockKey) ?? []), person]);
  return found;
}

// Rows are made anew with each change of the draft. One that says the same is the same, so that only changed rows render.
const known = new Map<string, Row>();
function stable(row: Row): Row {
  const before = known.get(row.id);
  if (before && before.level === row.level && before.parent === row.parent && before.position === row.position && before.siblings === row.siblings && before.open === row.open) return before;
  if (known.size > 2_000) known.clear();
  known.set(row.id, row);
  return row;
}
