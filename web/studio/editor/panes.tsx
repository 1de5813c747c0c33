import type { ReactNode } from 'react';
import Preview from '../preview/preview';
import { useEditor } from './context';
import { PropsForm } from './form/form';
import { subtree } from './model/draft';

/** Layers, preview and props side by side. */
export function Panes(): ReactNode {
  const { draft, selected, select, catalogue } = useEditor();
  const block = selected === null ? undefined : draft.blocks.get(selected);
  return (
    <div className="editor">
      <section className="pane" aria-label="Layers">
        <ul>
          {subtree(draft, draft.root, catalogue).map((key) => (
            <li key={key}><button type="button" aria-pressed={key === selected} onClick={() => select(key)} dir="auto">{catalogue.get(draft.blocks.get(key)?.component ?? '')?.title ?? key}</button></li>
          ))}
        </ul>
      </section>
      <Preview />
      <section className="pane" aria-label="Props">
        {block ? <PropsForm /> : <p className="muted">Select a block to see what it shows.</p>}
      </section>
    </div>
  );
}
