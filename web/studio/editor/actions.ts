// What can be done with blocks, for the tree, its menu, the header and the keyboard.
import { createContext, useContext, useMemo, useRef, useEffect } from 'react';
import { denied } from '../access/say';
import { and } from '../lib/format';
import { toast } from '../lib/toast';
import { announce } from './announce';
import { useEditor } from './context';
import { blockName, titleOf } from './label';
import { blocksIn, textOf } from './model/clipboard';
import { childrenOf, placeOf, type Place } from './model/draft';
import { duplicate, insertAll, placeFor, placeToward, subtreeOf, type Direction } from './model/moves';
import type { Editor } from './types';

export interface Actions {
  move(key: string, direction: Direction): boolean;
  place(key: string, place: Place): boolean;
  duplicate(key: string): void;
  remove(key: string): void;
  copy(key: string): void;
  /** Blocks as text go behind what is selected; false when the text is something else. */
  paste(text: string): boolean;
  textOf(key: string): string;
  nameOf(key: string): string;
}

export function useActions(): Actions {
  const editor = useEditor();
  const latest = useRef<Editor>(editor);
  useEffect(() => {
    latest.current = editor;
  });
  return useMemo(() => actionsOn(() => latest.current), []);
}

function actionsOn(editor: () => Editor): Actions {
  const nameOf = (key: string): string => blockName(editor().catalogue, editor().draft.blocks.get(key));
  const textOfKey = (key: string): string => textOf(subtreeOf(editor().draft, key));
  const place = (key: string, to: Place): boolean => {
    if (denied(editor().may)) return false;
    const { draft, catalogue, run, select } = editor();
    const from = placeOf(draft, key);
    if (!from || (from.parent === to.parent && from.slot === to.slot && from.index === to.index)) return false;
    run([{ kind: 'MOVE', key, ...to }], `Move ${nameOf(key)}`);
    select(key);
    const parent = draft.blocks.get(to.parent);
    const neighbors = childrenOf(parent, to.slot).length + (from.parent === to.parent && from.slot === to.slot ? 0 : 1);
    announce(`${nameOf(key)} moved to position ${to.index + 1} of ${neighbors} in ${parent ? titleOf(catalogue, parent.component) : ''}`);
    return true;
  };
  return {
    nameOf, place, textOf: textOfKey,
    move(key, direction) {
      if (denied(editor().may)) return false;
      const to = placeToward(editor().draft, editor().catalogue, key, direction);
      if (to) return place(key, to);
      announce(`${nameOf(key)} cannot be moved ${direction === 'into' ? 'into the block above' : direction}`);
      return false;
    },
    duplicate(key) {
      if (denied(editor().may)) return;
      const copy = duplicate(editor().draft, key);
      if (!copy) return;
      editor().run(copy.ops, `Duplicate ${nameOf(key)}`);
      editor().select(copy.key);
      announce(`${nameOf(key)} duplicated`);
    },
    remove(key) {
      if (denied(editor().may)) return;
      const { draft, run, select, undo } = editor();
      const from = placeOf(draft, key);
      if (!from) {
        toast({ message: 'The outermost block stays. Delete what is in it, or the whole screen.' });
        return;
      }
      const name = nameOf(key);
      const neighbors = childrenOf(draft.blocks.get(from.parent), from.slot);
      run([{ kind: 'REMOVE', key }], `Delete ${name}`);
      select(neighbors[from.index + 1] ?? neighbors[from.index - 1] ?? from.parent);
      toast({ message: `${name} deleted.`, action: { label: 'Undo', run: undo } });
    },
    copy(key) {
      const done = (): void => void toast({ message: `${nameOf(key)} copied. Paste it here or in another screen.`, stays: 3_500 });
      const text = textOfKey(key);
      void (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error())).then(done, () => toast({ message: 'The browser did not let it be copied. Select the block and press the keys for copying.', tone: 'bad' }));
    },
    paste(text) {
      const { draft, catalogue, selected, run, select } = editor();
      const found = blocksIn(text, catalogue);
      if (!found) return false;
      if (denied(editor().may)) return true;
      const place = placeFor(draft, catalogue, selected);
      const made = place && insertAll(draft, found.blocks, place);
      if (found.left.length > 0) toast({ message: `Not pasted: ${and(found.left.slice(0, 5))}.`, tone: 'bad' });
      if (!made) return true;
      run(made.ops, 'Paste');
      select(made.key);
      announce(`${found.blocks.length} blocks pasted`);
      return true;
    },
  };
}

/** Opens the palette for inserting: for a place, or wherever it makes most sense. */
export type OpenInsert = (place?: Place) => void;

/** What parts of the editor ask of its frame. */
export interface Frame {
  readonly insert: OpenInsert;
  /** Shows the props of what is selected, and goes into the first field. */
  readonly props: () => void;
}

export const FrameContext = createContext<Frame>({ insert: () => undefined, props: () => undefined });
export const useFrame = (): Frame => useContext(FrameContext);
