// Addresses: typed, or picked from the screens of this frontend and the blocks of this screen.
import { useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { graphql } from '../../gql';
import { useLive } from '../../lib/activity';
import { useFrontend } from '../../lib/frontend';
import { useEditor } from '../context';
import { Frame, placeholderOf, useChange, type FieldProps } from './field';
import { tellingText } from './schema';
import { emptied } from './textfields';
import { useTyped } from './typed';

const SCREENS = graphql(`
  query StudioFormScreens($slug: String!) {
    frontend(slug: $slug) { screens(first: 100) { edges { node { id title path } } } }
  }
`);

interface Target {
  readonly address: string;
  readonly title: string;
  readonly where: 'Screens' | 'Blocks on this screen';
}

const MOST = 12;

/** What can be linked to. Screens with parameters come with their pattern, to be filled in. */
function useTargets(pause: boolean): readonly Target[] {
  const { frontend } = useFrontend();
  const { draft, catalogue } = useEditor();
  const [{ data }] = useLive({ query: SCREENS, variables: { slug: frontend.slug }, on: ['SCREENS'], pause });
  return useMemo(() => {
    if (pause) return [];
    const screens = data?.frontend?.screens.edges.flatMap(({ node }): Target[] => (node.path ? [{ address: node.path, title: node.title, where: 'Screens' }] : [])) ?? [];
    const blocks = [...draft.blocks.values()].filter(({ key }) => key !== draft.root).map((block): Target => ({
      address: `#${block.key}`, title: tellingText(block.props) ?? catalogue.get(block.component)?.title ?? block.component, where: 'Blocks on this screen',
    }));
    return [...screens, ...blocks];
  }, [pause, data, draft, catalogue]);
}

export function LinkField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { shown, ...typed } = useTyped(props.at, typeof props.value === 'string' ? props.value : '', (text) => change(emptied(text.trim(), props), true));
  const [open, setOpen] = useState(false);
  const [asked, ask] = useState(false);
  const [typing, setTyping] = useState(false);
  const [active, setActive] = useState(-1);
  const targets = useTargets(!asked);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const query = typing ? shown.trim().toLowerCase() : '';
  const found = targets.filter(({ address, title }) => query === '' || address.toLowerCase().includes(query) || title.toLowerCase().includes(query)).slice(0, MOST);
  const visible = open && found.length > 0;

  const show = (): void => {
    ask(true);
    setOpen(true);
    setActive(-1);
  };
  const close = (): void => {
    setOpen(false);
    setTyping(false);
    setActive(-1);
  };
  const pick = ({ address }: Target): void => {
    typed.change(address);
    close();
    input.current?.focus();
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!visible) return show();
      const by = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + by + found.length + (active < 0 && by < 0 ? 1 : 0)) % found.length);
    } else if (event.key === 'Enter' && visible) {
      const target = found[active];
      event.preventDefault();
      if (target) pick(target);
      else close();
    } else if (event.key === 'Escape' && visible) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return (
    <Frame of={props}>
      {(control) => (
        <div className="form-combo" onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) close(); }}>
          <input
            {...control} ref={input} className="form-input" dir="ltr" inputMode="url" autoComplete="off" spellCheck={false} role="combobox" aria-expanded={visible} aria-autocomplete="list" aria-haspopup="listbox"
            aria-controls={visible ? `${id}list` : undefined} aria-activedescendant={visible && active >= 0 ? `${id}o${active}` : undefined}
            value={shown} placeholder={placeholderOf(props) ?? '/path, #block or https://…'}
            onChange={(event) => { typed.change(event.currentTarget.value); setTyping(true); show(); }}
            onClick={() => (open ? close() : show())} onBlur={typed.leave} onKeyDown={keys}
          />
          {visible && (
            <ul className="form-options" id={`${id}list`} role="listbox" aria-label="Places to link to">
              {found.map((target, i) => (
                <li
                  key={target.address} id={`${id}o${i}`} role="option" aria-selected={i === active} data-first={target.where !== found[i - 1]?.where ? target.where : undefined}
                  onPointerDown={(event) => { event.preventDefault(); pick(target); }}
                >
                  <span className="truncate" dir="auto">{target.title}</span>
                  <code className="faint truncate">{target.address}</code>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Frame>
  );
}
