// Lists: add, remove, duplicate, and reorder by keyboard, by menu and by dragging. A list is sent whole.
import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis, GripVertical, Plus } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { plural } from '../../lib/format';
import { isBinding } from '../../binding/envelope';
import { own, type Json } from '../../lib/json';
import { BindDialog } from './bind';
import { Frame, titleOf, useChange, type FieldProps } from './field';
import { Disclosure } from './group';
import { hintsOf } from './hints';
import { Node } from './node';
import { below, tokensOf, within } from './pointer';
import { numberOf, starter, tellingText, textOf, type Field } from './schema';
import { useForm, useReveal } from './store';

/** As many are drawn at first; the rest waits for a wish. */
const PAGE = 50;

/** Names for the entries that go with them when they move, so that each keeps what is open and focused in it. */
class Names {
  #next = 1;
  list: number[] = [];

  fit(length: number): readonly number[] {
    while (this.list.length < length) this.list.push(this.#next++);
    this.list.length = length;
    return this.list;
  }

  move(from: number, to: number): void {
    const [name] = this.list.splice(from, 1);
    if (name !== undefined) this.list.splice(to, 0, name);
  }

  insert(at: number): number {
    this.list.splice(at, 0, this.#next);
    return this.#next++;
  }

  remove(at: number): void {
    this.list.splice(at, 1);
  }
}

export const moved = <T,>(list: readonly T[], from: number, to: number): T[] => {
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, ...list.slice(from, from + 1));
};

/** Kinds whose fields stand in the row itself. */
const FLAT = new Set<Field['kind']>(['text', 'lines', 'link', 'email', 'color', 'date', 'date-time', 'time', 'number', 'choice', 'const', 'switch']);

export function ListField(props: FieldProps): ReactNode {
  const { schemas } = useForm();
  const change = useChange(props);
  const { schema } = props.field;
  const items: readonly Json[] = Array.isArray(props.value) ? props.value : [];
  const inner = schemas.resolve(own(schema, 'items'));
  const hints = hintsOf(own(props.hints.inside, 'items'));
  const field = schemas.describe(inner, hints.widget);
  const names = useRef(new Names()).current;
  const list = useRef<HTMLOListElement>(null);
  const [shown, show] = useState(PAGE);
  const [opened, open] = useState<number>();
  const [spoken, speak] = useState('');
  const [binding, bind] = useState<number>();
  const focus = useRef<{ readonly name: number; readonly part: 'handle' | 'field' }>(undefined);
  const ids = names.fit(items.length);
  const word = (textOf(inner, 'title') ?? 'entry').toLowerCase();
  const max = numberOf(schema, 'maxItems');
  const full = max !== undefined && items.length >= max;
  const title = titleOf(props);

  useReveal(props.at, (place) => {
    const i = Number(tokensOf(place.slice(props.at.length))[0]);
    if (i >= shown) show(i + PAGE);
  });
  useEffect(() => {
    const wanted = focus.current;
    if (!wanted) return;
    focus.current = undefined;
    const row = list.current?.children[names.list.indexOf(wanted.name)];
    const control = wanted.part === 'handle' ? row?.querySelector<HTMLElement>('.item-handle') : row?.querySelector<HTMLElement>('.item-main input, .item-main textarea, .item-main select, .item-main button.asset-pick');
    (control ?? row?.querySelector<HTMLElement>('button'))?.focus();
  });

  const store = (next: readonly Json[]): void => void change(next.length === 0 && !props.required ? undefined : [...next]);
  const insert = (at: number, value: Json, said: string): void => {
    const name = names.insert(at);
    open(name);
    focus.current = { name, part: 'field' };
    if (at >= shown) show(at + 1);
    store(items.toSpliced(at, 0, value));
    speak(said);
  };
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= items.length || from === to) return;
    names.move(from, to);
    focus.current = { name: names.list[to] ?? 0, part: 'handle' };
    store(moved(items, from, to));
    speak(`Moved to place ${to + 1} of ${items.length}`);
  };
  const remove = (at: number): void => {
    names.remove(at);
    const next = names.list[Math.min(at, names.list.length - 1)];
    if (next !== undefined) focus.current = { name: next, part: 'handle' };
    store(items.toSpliced(at, 1));
    speak(`Removed, ${plural(items.length - 1, 'entry', 'entries')} left`);
  };

  return (
    <Frame of={props} group aside={<span className="field-count">{max === undefined ? items.length || '' : `${items.length} of ${max}`}</span>}>
      {() => (
        <>
          {items.length > 0 && (
            <ol className="items" ref={list}>
              {items.slice(0, shown).map((value, i) => (
                <Item
                  key={ids[i]} index={i} count={items.length} value={value} at={below(props.at, i)} word={word} startsOpen={opened === ids[i]} flat={FLAT.has(field.kind)}
                  label={tellingText(value)} move={move} bind={isBinding(value) ? undefined : () => bind(i)} remove={remove} duplicate={full ? undefined : (at) => insert(at + 1, structuredClone(value), `Duplicated as ${word} ${at + 2}`)}
                >
                  {(bare) => <Node schema={inner} hints={hints} value={value} at={below(props.at, i)} name={`${word} ${i + 1}`} required prune={0} bare={bare} />}
                </Item>
              ))}
            </ol>
          )}
          {binding !== undefined && binding < items.length && <BindDialog of={{ field, hints, value: items[binding], at: below(props.at, binding), name: `${word} ${binding + 1}`, required: true, prune: 0 }} close={() => bind(undefined)} />}
          {items.length > shown && <button type="button" className="form-button" onClick={() => show(shown + PAGE)}>Show {Math.min(PAGE, items.length - shown)} more of {items.length}</button>}
          {full
            ? <p className="field-help">No more than {max}.</p>
            : <button type="button" className="form-button item-add" onClick={() => insert(items.length, starter(schemas, inner), `Added ${word} ${items.length + 1}`)}><Plus size={14} aria-hidden="true" />Add {word}<span className="visually-hidden"> to {title}</span></button>}
          <span className="visually-hidden" role="status">{spoken}</span>
        </>
      )}
    </Frame>
  );
}

interface ItemProps {
  readonly index: number;
  readonly count: number;
  readonly value: Json;
  readonly at: string;
  readonly word: string;
  readonly label: string | undefined;
  readonly flat: boolean;
  readonly startsOpen: boolean;
  readonly move: (from: number, to: number) => void;
  readonly remove: (at: number) => void;
  readonly duplicate: ((at: number) => void) | undefined;
  /** Undefined for what is bound already. */
  readonly bind: (() => void) | undefined;
  readonly children: (bare: string) => ReactNode;
}

const DRAG = 'application/x-sonata-item';

function Item({ index, count, at, word, label, flat, startsOpen, move, remove, duplicate, bind, children }: ItemProps): ReactNode {
  const [target, setTarget] = useState(false);
  const [dragging, drag] = useState(false);
  const name = `${word} ${index + 1}`;
  const keys = (event: KeyboardEvent): void => {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      event.stopPropagation();
      move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
    }
  };
  const list = at.slice(0, at.lastIndexOf('/'));
  const mine = (event: DragEvent): boolean => event.dataTransfer.types.includes(DRAG);
  const handle = (
    <Menu>
      <Menu.Target>
        <ActionIcon size="sm" className="item-menu" aria-label={`What to do with ${name}`}><Ellipsis size={15} aria-hidden="true" /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={index === 0} onClick={() => move(index, index - 1)}>Move up</Menu.Item>
        <Menu.Item disabled={index === count - 1} onClick={() => move(index, index + 1)}>Move down</Menu.Item>
        <Menu.Item disabled={!duplicate} onClick={() => duplicate?.(index)}>Duplicate</Menu.Item>
        {bind && <Menu.Item onClick={bind}>Bind to data…</Menu.Item>}
        <Menu.Divider />
        <Menu.Item color="red" onClick={() => remove(index)}>Remove</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
  return (
    <li
      className="item" data-flat={flat || undefined} data-target={target || undefined} data-dragging={dragging || undefined}
      onDragOver={(event) => {
        if (!mine(event)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => {
        setTarget(false);
        const from = event.dataTransfer.getData(DRAG);
        if (!within(list, from) || tokensOf(from).length !== tokensOf(at).length) return;
        event.preventDefault();
        event.stopPropagation();
        move(Number(tokensOf(from).at(-1)), index);
      }}
    >
      <button
        type="button" className="item-handle" draggable aria-label={`Move ${name}: Alt with the arrow keys`} onKeyDown={keys}
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAG, at);
          event.dataTransfer.effectAllowed = 'move';
          drag(true);
        }}
        onDragEnd={() => drag(false)}
      ><GripVertical size={14} aria-hidden="true" /></button>
      <div className="item-main" data-at={flat ? undefined : at}>
        {flat ? children(name) : <Disclosure at={at} startsOpen={startsOpen} name={label ?? <span className="faint">{name}</span>} actions={handle}>{() => children(name)}</Disclosure>}
      </div>
      {flat && handle}
    </li>
  );
}
