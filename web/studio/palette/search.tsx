import { Kbd, Modal } from '@mantine/core';
import { CornerDownLeft, Search as Glass } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useReturnFocus } from '../lib/focus';
import { plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { useActions, type Dialog } from './actions';
import { useContent } from './content';
import { find, type Found } from './items';
import type { Range } from './match';
import './palette.css';
import { noteUse, recentOf } from './recent';

interface SearchProps {
  readonly close: () => void;
  readonly ask: (dialog: Dialog) => void;
  readonly help: () => void;
}

const PAGE = 8;

/** The combobox: what is typed narrows the list below, arrows walk in it, the focus stays in the field. */
export function Search({ close, ask, help }: SearchProps): ReactNode {
  useReturnFocus();
  const { frontend } = useFrontend();
  const [query, setQuery] = useState('');
  const [at, move] = useState(0);
  const [, go] = useLocation();
  const actions = useActions(ask, help);
  const content = useContent(query);
  const [recent] = useState(() => recentOf(frontend.slug));
  const sections = useMemo(() => find([...content, ...actions], query, recent), [content, actions, query, recent]);
  const flat = useMemo(() => sections.flatMap(({ items }) => items), [sections]);
  const here = Math.min(at, flat.length - 1);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [here, sections]);

  const choose = (item: Found | undefined, elsewhere: boolean): void => {
    if (!item) return;
    noteUse(frontend.slug, item.id);
    if (item.to !== undefined && elsewhere) {
      window.open(`/studio${item.to}`, '_blank', 'noopener');
      return;
    }
    // What an action opens comes after the palette is gone, so that two dialogs never hold the focus. An action that asks
    // for more turns the palette into its dialog instead.
    const asks = item.id === 'do new' || item.id === 'do frontend' || item.id === 'do undo';
    if (!asks) close();
    if (item.to !== undefined) go(item.to);
    item.run?.();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || flat.length === 0) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (step !== undefined) {
      event.preventDefault();
      const next = here + step;
      const wraps = Math.abs(step) === 1;
      move(next < 0 ? (wraps ? flat.length - 1 : 0) : next >= flat.length ? (wraps ? 0 : flat.length - 1) : next);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(flat[here], event.metaKey || event.ctrlKey);
    }
  };

  let index = 0;
  return (
    <Modal
      opened onClose={close} withCloseButton={false} centered={false} padding={0} yOffset="12vh" size="40rem" transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Search or do' } }}
    >
      <div className="palette">
        <div className="palette-field">
          <Glass size={17} aria-hidden="true" />
          <input
            role="combobox" aria-label="Search or do" aria-expanded={flat.length > 0} aria-controls={`${id}list`} aria-autocomplete="list" aria-activedescendant={flat.length > 0 ? `${id}${here}` : undefined}
            placeholder="Screens, blocks, releases, actions…" value={query} maxLength={200} dir="auto" spellCheck={false} autoComplete="off" autoFocus data-autofocus
            onChange={(event) => { setQuery(event.currentTarget.value); move(0); }} onKeyDown={onKeyDown}
          />
        </div>
        <div className="palette-list" id={`${id}list`} role="listbox" aria-label="Results" ref={list}>
          {sections.map(({ name, items }) => (
            <div key={name} role="group" aria-labelledby={`${id}${name}`.replaceAll(' ', '-')}>
              <p className="palette-group faint" id={`${id}${name}`.replaceAll(' ', '-')} role="presentation">{name}</p>
              {items.map((item) => {
                const mine = index++;
                return <Option key={item.id} id={`${id}${mine}`} item={item} selected={mine === here} point={() => move(mine)} choose={(event) => choose(item, event.metaKey || event.ctrlKey)} />;
              })}
            </div>
          ))}
        </div>
        {flat.length === 0 && <p className="palette-none muted">Nothing fits. A word of its title, path, key or number is enough.</p>}
        <p className="visually-hidden" role="status">{query ? plural(flat.length, 'result') : ''}</p>
        <p className="palette-foot faint" aria-hidden="true"><Kbd size="xs">↑</Kbd><Kbd size="xs">↓</Kbd> walk <Kbd size="xs">↵</Kbd> open <Kbd size="xs">esc</Kbd> close</p>
      </div>
    </Modal>
  );
}

interface OptionProps {
  readonly id: string;
  readonly item: Found;
  readonly selected: boolean;
  readonly point: () => void;
  readonly choose: (event: MouseEvent) => void;
}

function Option({ id, item, selected, point, choose }: OptionProps): ReactNode {
  const Icon = item.icon;
  return (
    // The field keeps the focus: a press on an option must not take it.
    <div id={id} role="option" aria-selected={selected} className="palette-option" onPointerMove={selected ? undefined : point} onMouseDown={(event) => event.preventDefault()} onClick={choose}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <span className="truncate" dir="auto"><Marked text={item.title} ranges={item.ranges} /></span>
      {item.detail && <span className="faint truncate palette-detail" dir="auto">{item.detail}</span>}
      <span className="push palette-hint">{item.keys ? <Kbd size="xs">{item.keys}</Kbd> : selected && <CornerDownLeft size={14} aria-hidden="true" />}</span>
    </div>
  );
}

/** The text with what fits marked. */
function Marked({ text, ranges }: { readonly text: string; readonly ranges: readonly Range[] }): ReactNode {
  let end = 0;
  const parts: ReactNode[] = [];
  for (const [from, to] of ranges) {
    parts.push(text.slice(end, from), <mark key={from}>{text.slice(from, to)}</mark>);
    end = to;
  }
  return <>{parts}{text.slice(end)}</>;
}
