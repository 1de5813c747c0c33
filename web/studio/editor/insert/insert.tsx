import { Kbd, Modal, SegmentedControl } from '@mantine/core';
import { ArrowLeft, Plus } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { words, plural } from '../../lib/format';
import { useFrontend } from '../../lib/frontend';
import { recall, remember } from '../../lib/recall';
import '../../palette/palette.css';
import { useEditor } from '../context';
import { blockName, titleOf } from '../label';
import { childrenOf, placeOf, slotsOf, type Place } from '../model/draft';
import { INCLUDE, insert, insideOf, placeFor } from '../model/moves';
import { find, insertables, type Insertable } from './items';
import './insert.css';
import { useParts } from './parts';

interface InsertProps {
  /** Where to, when it was said; else where it makes most sense, and that can be changed. */
  readonly place: Place | undefined;
  readonly close: (inserted?: string) => void;
}

const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every((entry) => typeof entry === 'string');

/** Chooses a component and puts it on the screen. The focus stays in the field; arrows walk in the list. */
export function Insert({ place: given, close }: InsertProps): ReactNode {
  const { draft, catalogue, selected, screen, run, select } = useEditor();
  const { frontend } = useFrontend();
  const places = useMemo(() => choices(draft, catalogue, selected), [draft, catalogue, selected]);
  const [chosen, choosePlace] = useState(0);
  const place = given ?? places[chosen]?.place;
  const [query, setQuery] = useState('');
  const [at, move] = useState(0);
  const [including, include] = useState(false);
  const parts = useParts(screen.key, !including);
  const [recent] = useState(() => recall<string[]>(`inserted.${frontend.slug}`, [], isList));
  const groups = useMemo(() => (including ? find(parts ?? [], query, []) : find(insertables(catalogue), query, recent)), [including, parts, catalogue, query, recent]);
  const flat = useMemo(() => groups.flatMap(({ items }) => items), [groups]);
  const here = Math.min(at, flat.length - 1);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [here, groups]);

  const put = (item: Insertable | undefined): void => {
    if (!item || !place) return;
    if (!including && item.key === INCLUDE) {
      include(true);
      setQuery('');
      move(0);
      return;
    }
    remember(`inserted.${frontend.slug}`, [including ? INCLUDE : item.key, ...recent.filter((key) => key !== (including ? INCLUDE : item.key))].slice(0, 6));
    const component = including ? { key: INCLUDE, title: 'Shared part', category: null, versions: [] } : catalogue.get(item.key);
    if (!component) return;
    const made = including ? insert(draft, component, place, { screen: item.key }) : insert(draft, component, place);
    run(made.ops, `Insert ${item.title}`);
    select(made.key);
    close(made.key);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      put(flat[here]);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (flat.length > 0) move((here + (event.key === 'ArrowDown' ? 1 : flat.length - 1)) % flat.length);
    } else if (event.key === 'Backspace' && query === '' && including) {
      include(false);
    }
  };

  let index = 0;
  return (
    <Modal opened onClose={() => close()} withCloseButton={false} centered={false} padding={0} yOffset="12vh" size="36rem" transitionProps={{ duration: 0 }} returnFocus={false} attributes={{ content: { 'aria-label': 'Insert a block' } }}>
      <div className="palette">
        <div className="palette-field">
          {including ? <button type="button" className="insert-back" onClick={() => include(false)} aria-label="Back to all blocks"><ArrowLeft size={17} aria-hidden="true" /></button> : <Plus size={17} aria-hidden="true" />}
          <input
            role="combobox" aria-label={including ? 'Which shared part' : 'Insert a block'} aria-expanded={flat.length > 0} aria-controls={`${id}list`} aria-autocomplete="list" aria-activedescendant={flat.length > 0 ? `${id}${here}` : undefined}
            placeholder={including ? 'Which shared part?' : 'What do you want to insert?'} value={query} maxLength={100} dir="auto" spellCheck={false} autoComplete="off" autoFocus data-autofocus
            onChange={(event) => { setQuery(event.currentTarget.value); move(0); }} onKeyDown={onKeyDown}
          />
        </div>
        <div className="insert-where">
          {given || places.length < 2 ? <p className="faint" dir="auto">{given ? describe(draft, catalogue, given) : places[0]?.label ?? 'No block of this screen holds others: there is no place to insert one.'}</p> : (
            <SegmentedControl size="xs" aria-label="Where" value={String(chosen)} onChange={(value) => choosePlace(Number(value))} data={places.map(({ label }, i) => ({ value: String(i), label }))} fullWidth />
          )}
        </div>
        <div className="palette-list" id={`${id}list`} role="listbox" aria-label="Blocks" ref={list}>
          {groups.map(({ name, items }, i) => (
            <div key={name} role="group" aria-labelledby={`${id}g${i}`}>
              <p className="palette-group faint" id={`${id}g${i}`} role="presentation">{name}</p>
              {items.map((item) => {
                const mine = index++;
                return (
                  <div key={item.key} id={`${id}${mine}`} role="option" aria-selected={mine === here} className="palette-option insert-option" onPointerMove={mine === here ? undefined : () => move(mine)} onMouseDown={(event) => event.preventDefault()} onClick={() => put(item)}>
                    <span className="grow"><b dir="auto">{item.title}</b>{item.description !== '' && <span className="faint truncate" dir="auto">{item.description}</span>}</span>
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        {flat.length === 0 && (
          <p className="palette-none muted">{including ? (parts ? 'There is no shared part yet. Make a screen without a path: that is one.' : 'Looking…') : 'No block fits. Developers add blocks by registering a build of the frontend.'}</p>
        )}
        <p className="visually-hidden" role="status">{query ? plural(flat.length, 'block') : ''}</p>
        <p className="palette-foot faint" aria-hidden="true"><Kbd size="xs">↑</Kbd><Kbd size="xs">↓</Kbd> walk <Kbd size="xs">↵</Kbd> insert <Kbd size="xs">esc</Kbd> close</p>
      </div>
    </Modal>
  );
}

type Draft = ReturnType<typeof useEditor>['draft'];
type Catalogue = ReturnType<typeof useEditor>['catalogue'];

/** Where a block could go, seen from what is selected: after it, or into one of its slots. */
function choices(draft: Draft, catalogue: Catalogue, selected: string | null): readonly { readonly label: string; readonly place: Place }[] {
  const block = selected === null ? undefined : draft.blocks.get(selected);
  const slots = block ? slotsOf(catalogue, block) : [];
  const inside = slots.slice(0, 3).flatMap((slot) => {
    const place = insideOf(draft, catalogue, block?.key, slot);
    return place ? [{ label: slots.length > 1 ? `Inside, ${words(slot).toLowerCase()}` : 'Inside', place }] : [];
  });
  const after = placeFor(draft, catalogue, selected);
  const beside = block && placeOf(draft, block.key) && after ? [{ label: `After ${titleOf(catalogue, block.component)}`, place: after }] : [];
  const all = [...beside, ...inside];
  return all.length > 0 ? all : after ? [{ label: 'At the end of the screen', place: after }] : [];
}

function describe(draft: Draft, catalogue: Catalogue, { parent, slot, index }: Place): string {
  const block = draft.blocks.get(parent);
  const siblings = childrenOf(block, slot);
  const name = block ? titleOf(catalogue, block.component) : '';
  const several = block && slotsOf(catalogue, block).length > 1 ? `, ${words(slot).toLowerCase()}` : '';
  if (siblings.length === 0) return `Inside ${name}${several}`;
  const before = siblings[index - 1];
  return before !== undefined ? `After ${blockName(catalogue, draft.blocks.get(before))}` : `Before ${blockName(catalogue, draft.blocks.get(siblings[index] ?? ''))}`;
}
