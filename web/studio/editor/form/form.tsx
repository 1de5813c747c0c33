// The props of the selected block as a form.
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { words } from '../../lib/format';
import { own, type JsonObject } from '../../lib/json';
import { useEditor, versionOf } from '../context';
import type { DraftBlock } from '../types';
import { Conflicts } from './conflicts';
import './form.css';
import { Properties } from './group';
import { hintsOf } from './hints';
import { WholeJson } from './jsonfield';
import { lookUp, tokensOf, within } from './pointer';
import { textOf } from './schema';
import { FormStore, StoreProvider } from './store';
import { VariantsField } from './variants';

const ANY: JsonObject = { type: 'object' };

/** The form of the selected block; nothing when none is. */
export function PropsForm(): ReactNode {
  const editor = useEditor();
  const block = editor.selected === null ? undefined : editor.draft.blocks.get(editor.selected);
  if (!block) return editor.selected === null ? null : <Conflicts block={editor.selected} schema={ANY} />;
  const schema = versionOf(editor.catalogue.get(block.component), block)?.propsSchema ?? ANY;
  return <BlockForm key={`${block.key} ${block.component} ${block.major}`} block={block} schema={schema} />;
}

function BlockForm({ block, schema }: { readonly block: DraftBlock; readonly schema: JsonObject }): ReactNode {
  const editor = useEditor();
  // A catalogue that was read again holds the same schema as another object.
  const text = JSON.stringify(schema);
  const store = useMemo(() => new FormStore(block.key, JSON.parse(text) as JsonObject), [block.key, text]);
  const component = editor.catalogue.get(block.component);
  const version = versionOf(component, block);
  const uiText = JSON.stringify(version?.uiSchema ?? null);
  const hints = useMemo(() => hintsOf(JSON.parse(uiText) as JsonObject | null), [uiText]);
  const props = store.take(editor, block.props);
  const [asJson, showJson] = useState(false);
  const [wanted, want] = useState<{ readonly at: string }>();
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    store.check();
    return () => store.stop();
  }, [store, props, editor.screen.problems, editor.saving]);

  // Parts open one inside the other, so that the field may take some frames to be there.
  useLayoutEffect(() => {
    if (!wanted) return;
    let left = 12;
    let frame = 0;
    const look = (): void => {
      const exact = find(root.current, wanted.at);
      if (exact ?? left-- <= 0) focusIn(exact ?? nearest(root.current, wanted.at));
      else frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [wanted]);
  useEffect(() => {
    store.want = (at) => setTimeout(() => want({ at }), 0);
  }, [store]);
  const jump = (at: string): void => {
    if (at === '') return showJson(true);
    showJson(false);
    store.reveal(at);
    want({ at });
  };

  const field = store.schemas.describe(store.schemas.resolve(store.schemas.root));
  const name = component?.title ?? (words(block.component) || block.component);
  const fields = field.kind === 'object' || field.kind === 'variants';
  const empty = field.kind === 'object' && Object.keys(own(field.schema, 'properties') ?? {}).length === 0;
  return (
    <StoreProvider value={store}>
      <div className="form" ref={root} data-testid="props-form">
        <Conflicts block={block.key} schema={store.schemas.root} />
        <Summary store={store} jump={jump} />
        {!version && block.component !== 'include' && <p className="problem">No build registered version {block.major} of {name}: its fields are not known. What it holds is shown as JSON.</p>}
        {asJson || !fields || !version
          ? <WholeJson value={props} name={name} />
          : field.kind === 'variants'
            ? <VariantsField field={field} hints={hints} value={props} at="" name="Kind" required prune={0} />
            : <Properties schema={field.schema} hints={hints} value={props} at="" prune={0} />}
        {empty && !asJson && version && <p className="muted">{name} has nothing to set.</p>}
        {fields && version && <button type="button" className="form-button form-mode" onClick={() => showJson(!asJson)}>{asJson ? 'Edit as fields' : 'Edit as JSON'}</button>}
      </div>
    </StoreProvider>
  );
}

/** What is wrong, with the way there. */
function Summary({ store, jump }: { readonly store: FormStore; readonly jump: (at: string) => void }): ReactNode {
  const said = useSyncExternalStore(store.subscribe, store.said);
  const bad = [...said].filter(([, { tone }]) => tone === 'bad');
  return (
    <div role="status" className="form-summary" data-empty={bad.length === 0 || undefined}>
      {bad.length > 0 && (
        <>
          <h3>{bad.length === 1 ? 'One thing to fix' : `${bad.length} things to fix`}</h3>
          <ul>
            {bad.slice(0, MOST).map(([at, { text }]) => (
              <li key={at}><button type="button" onClick={() => jump(at)}><b dir="auto">{nameOf(store, at)}</b><span dir="auto">{text}</span></button></li>
            ))}
          </ul>
          {bad.length > MOST && <p className="faint">And {bad.length - MOST} more.</p>}
        </>
      )}
    </div>
  );
}

const MOST = 8;

/** "Links › 2 › Target" */
function nameOf(store: FormStore, at: string): string {
  const tokens = tokensOf(at);
  if (tokens.length === 0) return 'This block';
  let path = '';
  return tokens.map((token) => {
    const parent = lookUp(store.props, path);
    path = at.slice(0, path.length + 1 + (at.slice(path.length + 1).split('/', 1)[0] ?? '').length);
    return Array.isArray(parent) ? String(Number(token) + 1) : textOf(store.schemaAt(path), 'title') ?? (words(token) || token);
  }).join(' › ');
}

// Pointers hold words of people: they are compared, never put into a selector.
const places = (root: HTMLElement | null): HTMLElement[] => [...(root?.querySelectorAll<HTMLElement>('[data-at]') ?? [])];
const find = (root: HTMLElement | null, at: string): HTMLElement | undefined => places(root).find((element) => element.dataset['at'] === at);
const nearest = (root: HTMLElement | null, at: string): HTMLElement | undefined =>
  places(root).filter((element) => within(element.dataset['at'] ?? '', at)).sort((a, b) => (b.dataset['at'] ?? '').length - (a.dataset['at'] ?? '').length)[0];

function focusIn(element: HTMLElement | undefined): void {
  const control = element?.querySelector<HTMLElement>('input, textarea, select, .cm-content') ?? element?.querySelector<HTMLElement>('button');
  control?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'center', behavior: 'smooth' });
}
