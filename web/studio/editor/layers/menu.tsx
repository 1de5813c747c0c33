import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { MOD } from '../../shell/keys';
import { useActions, useFrame } from '../actions';
import { useEditor } from '../context';
import { placeOf } from '../model/draft';
import { insideOf, placeToward, type Direction } from '../model/moves';

interface LayerMenuProps {
  readonly blockKey: string;
  readonly anchor: HTMLElement;
  /** `elsewhere`: something that was chosen has the focus now. */
  readonly close: (elsewhere: boolean) => void;
}

interface Item {
  readonly label: string;
  readonly keys?: string;
  /** Undefined when it cannot be done now. */
  readonly run: (() => void) | undefined;
  /** It opens something that takes the focus. */
  readonly opens?: boolean;
}

const MOVES: readonly (readonly [Direction, string, string])[] = [['up', 'Move up', 'Alt ↑'], ['down', 'Move down', 'Alt ↓'], ['into', 'Move into the block above', 'Alt →'], ['out', 'Move out', 'Alt ←']];

/** Everything that can be done with a block without dragging it: one menu for all rows. */
export function LayerMenu({ blockKey: key, anchor, close }: LayerMenuProps): ReactNode {
  const { draft, catalogue, may } = useEditor();
  const actions = useActions();
  const { insert } = useFrame();
  const menu = useRef<HTMLDivElement>(null);
  const [box] = useState(() => anchor.getBoundingClientRect());
  const place = placeOf(draft, key);
  const inside = insideOf(draft, catalogue, key);
  const all: readonly (readonly Item[])[] = [
    [
      { label: 'Insert before…', run: place && (() => insert(place)), opens: true },
      { label: 'Insert after…', keys: '/', run: place && (() => insert({ ...place, index: place.index + 1 })), opens: true },
      { label: 'Insert inside…', run: inside && (() => insert(inside)), opens: true },
    ],
    MOVES.map(([direction, label, keys]) => ({ label, keys, run: placeToward(draft, catalogue, key, direction) && (() => void actions.move(key, direction)) })),
    [
      { label: 'Duplicate', keys: `${MOD}D`, run: place && (() => actions.duplicate(key)) },
      { label: 'Copy', keys: `${MOD}C`, run: () => actions.copy(key) },
      { label: 'Delete', keys: '⌫', run: place && (() => actions.remove(key)) },
    ],
  ];
  // Copying changes nothing.
  const groups = may.allowed ? all : all.map((items) => items.map((item) => (item.label === 'Copy' ? item : { ...item, run: undefined })));

  useLayoutEffect(() => {
    const shown = menu.current;
    if (!shown) return;
    const { width, height } = shown.getBoundingClientRect();
    shown.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
    shown.style.top = `${Math.max(8, box.bottom + height + 8 > innerHeight ? box.top - height : box.bottom)}px`;
    shown.querySelector<HTMLElement>('[role=menuitem]:not([aria-disabled])')?.focus({ preventScroll: true });
  }, [box]);
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (!menu.current?.contains(event.target as Node)) close(true);
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [close]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const target = Object.hasOwn(targets, event.key) ? targets[event.key] : undefined;
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') close(false);
    else if (target !== undefined) items[(target + items.length) % items.length]?.focus();
    else if (/^\p{L}$/u.test(event.key)) [...items.slice(at + 1), ...items].find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    if (target !== undefined || event.key === 'Escape' || event.key === 'Tab') event.preventDefault();
  };

  return createPortal(
    <div ref={menu} role="menu" aria-label={`Actions for ${actions.nameOf(key)}`} className="layer-actions" onKeyDown={onKeyDown}>
      {groups.map((items, i) => (
        <div key={i} role="group">
          {items.map(({ label, keys, run, opens }) => (
            <button
              key={label} type="button" role="menuitem" tabIndex={-1} {...(run ? {} : { 'aria-disabled': true, ...(may.allowed ? {} : { 'aria-describedby': 'layer-denied' }) })} {...(keys ? { 'aria-keyshortcuts': keys } : {})}
              onClick={() => {
                if (!run) return;
                close(opens === true);
                run();
              }}
            >
              <span className="grow">{label}</span>
              {keys && <kbd className="faint" aria-hidden="true">{keys}</kbd>}
            </button>
          ))}
        </div>
      ))}
      {!may.allowed && <p id="layer-denied" className="denied" role="presentation">{may.why}</p>}
    </div>,
    document.getElementById('view') ?? document.body,
  );
}
