// Fields that are looked at: they keep their places, can be reached and read, and take nothing.
import { useEffect, useRef, type ReactNode } from 'react';
import { Denied } from '../../access/allowed';
import { denied } from '../../access/say';
import { useEditor } from '../context';

/** What opens, closes and leads somewhere works all the same. */
const LOOKS = '.group-toggle, .form-mode, .form-summary button, a, summary';

/** What a key may do to a field without changing it. */
const WALKS = /^(Tab|Escape|Shift|Control|Alt|Meta|Arrow(Left|Right|Up|Down)|Home|End|Page(Up|Down)|F\d+)$/;

export function ReadOnly({ children }: { readonly children: ReactNode }): ReactNode {
  const { may } = useEditor();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    if (!element || may.allowed) return;
    const stop = (event: Event): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (event instanceof MouseEvent && event.type === 'click' && target?.closest(LOOKS)) return;
      if (event instanceof KeyboardEvent) {
        const walks = WALKS.test(event.key) && !target?.closest('select, [type=radio], [type=range], [type=number], [type=date], [type=time]');
        if (walks || event.key === 'Tab' || event.ctrlKey || event.metaKey || target?.closest('button, a, summary')) return;
      }
      // Text is selected and copied with the pointer.
      if (event.type === 'mousedown' && !target?.closest('select, input[type=range]')) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.type === 'click' && !target?.closest('input:not([type=checkbox], [type=radio]), textarea, .cm-content, button, select, label')) return;
      if (event.type === 'click') denied(may);
    };
    const kinds = ['beforeinput', 'click', 'mousedown', 'keydown', 'paste', 'cut', 'drop', 'dragstart'];
    for (const kind of kinds) element.addEventListener(kind, stop, true);
    return () => {
      for (const kind of kinds) element.removeEventListener(kind, stop, true);
    };
  }, [may]);
  if (may.allowed) return children;
  return (
    <div ref={root} className="readonly">
      <Denied may={may}>You can look at this.</Denied>
      {children}
    </div>
  );
}
