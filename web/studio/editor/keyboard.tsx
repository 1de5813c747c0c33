// The keys that mean the same wherever one is in the editor. The tree has its own besides.
import { useEffect, useRef, type ReactNode } from 'react';
import { toast } from '../lib/toast';
import { useActions, type OpenInsert } from './actions';
import { useEditor } from './context';

const EDITABLE = 'input, textarea, select, [contenteditable]:not([contenteditable=false])';
/** Fields that keep what is typed to themselves until it is done have their own undo. */
const OWN_UNDO = '[data-own-undo], .cm-editor, [role=dialog]';

const within = (target: EventTarget | null, selector: string): boolean => target instanceof Element && target.closest(selector) !== null;
const dialogOpen = (): boolean => document.querySelector('[role=dialog][aria-modal=true]') !== null;

export function Keyboard({ insert }: { readonly insert: OpenInsert }): ReactNode {
  const editor = useEditor();
  const actions = useActions();
  const latest = useRef({ editor, insert });
  useEffect(() => {
    latest.current = { editor, insert };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented || dialogOpen()) return;
      const { editor, insert } = latest.current;
      const mod = event.metaKey || event.ctrlKey;
      const key = event.key.toLowerCase();
      const { selected } = editor;
      if (mod && !event.altKey && (key === 'z' || key === 'y')) {
        if (within(event.target, OWN_UNDO)) return;
        event.preventDefault();
        event.stopPropagation();
        if (key === 'y' || event.shiftKey) editor.redo();
        else editor.undo();
        return;
      }
      if (within(event.target, EDITABLE)) return;
      if (mod && !event.shiftKey && !event.altKey && key === 'd' && selected !== null) {
        event.preventDefault();
        actions.duplicate(selected);
      } else if (!mod && !event.altKey && key === '/' && !within(event.target, '[role=tree]')) {
        event.preventDefault();
        insert();
      } else if (!mod && !event.altKey && (key === 'delete' || key === 'backspace') && selected !== null && (event.target === document.body || within(event.target, '[data-pane=preview]'))) {
        event.preventDefault();
        actions.remove(selected);
      }
    };
    // The clipboard's own events need no permission, and work where the page is not served securely.
    const free = (event: ClipboardEvent): boolean => !event.defaultPrevented && !dialogOpen() && !within(event.target, EDITABLE) && !within(document.activeElement, EDITABLE);
    const onCopy = (event: ClipboardEvent): void => {
      const { selected } = latest.current.editor;
      if (selected === null || !free(event) || !(getSelection()?.isCollapsed ?? true)) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', actions.textOf(selected));
      toast({ message: `${actions.nameOf(selected)} copied. Paste it here or in another screen.`, stays: 3_500 });
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (free(event) && actions.paste(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown, true);
    document.addEventListener('copy', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKeyDown, true);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [actions]);
  return null;
}
