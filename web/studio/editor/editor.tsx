import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import { useParams, useSearchParams } from 'wouter';
import { useFrontend } from '../lib/frontend';
import { failed, sentence } from '../lib/failed';
import { toast } from '../lib/toast';
import { Empty } from '../ui/empty';
import { useTitle } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { EditorContext } from './context';
import './editor.css';
import { apply, Refused } from './model/apply';
import { draftOf } from './model/draft';
import { Panes } from './panes';
import { useCatalogue } from './session/catalogue';
import { EDIT } from './session/documents';
import { findScreen, readScreen, type ScreenData } from './session/find';
import { inputOf } from './session/wire';
import type { Catalogue, Draft, Editor, Op, Saving } from './types';

/** The screen editor: layers, preview, props. */
export default function EditorPage(): ReactNode {
  const { key = '' } = useParams<{ key: string }>();
  const { frontend } = useFrontend();
  return <Load key={`${frontend.id} ${key}`} slug={frontend.slug} screenKey={key} />;
}

function Load({ slug, screenKey }: { readonly slug: string; readonly screenKey: string }): ReactNode {
  const client = useClient();
  const catalogue = useCatalogue(slug);
  const [screen, set] = useState<ScreenData | null>();
  useEffect(() => {
    const read = async (): Promise<void> => {
      const id = await findScreen(client, slug, screenKey);
      set(id == null ? id : await readScreen(client, id));
    };
    void read();
  }, [client, slug, screenKey]);
  if (screen === null) return <Empty title="There is no such screen">It may have been deleted, or the address is wrong. The list of screens has them all.</Empty>;
  if (!screen || !catalogue) return <div className="page"><Waiting rows={6} /></div>;
  return <Provide screen={screen} catalogue={catalogue} />;
}

function Provide({ screen, catalogue }: { readonly screen: ScreenData; readonly catalogue: Catalogue }): ReactNode {
  useTitle(screen.title);
  const client = useClient();
  const [draft, setDraft] = useState<Draft>(() => draftOf(screen.blocks));
  const [meta, setMeta] = useState<Pick<Editor['screen'], 'version' | 'problems'>>({ version: screen.version, problems: screen.problems.map((p) => ({ ...p, blockKey: p.blockKey ?? null, pointer: p.pointer ?? null })) });
  const [saving, setSaving] = useState<Saving>('saved');
  const [search, setSearch] = useSearchParams();
  const selected = search.get('block');
  const line = useRef(Promise.resolve());
  const version = useRef(screen.version);
  const latest = useRef(draft);

  const select = useCallback((key: string | null) => setSearch(key === null ? {} : { block: key }, { replace: true }), [setSearch]);
  const run = useCallback((ops: readonly Op[]) => {
    try {
      latest.current = apply(latest.current, ops).draft;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast({ message: error.message, tone: 'bad' });
      return;
    }
    setDraft(latest.current);
    setSaving('saving');
    line.current = line.current.then(async () => {
      const { data, error } = await client.mutation(EDIT, { input: { screen: screen.id, expectedVersion: version.current, ops: ops.map(inputOf) }, whole: false }).toPromise();
      const saved = data?.screenEdit?.screen;
      if (failed(error, data?.screenEdit?.userErrors.map(({ message }) => ({ message: sentence(message) }))) || !saved) return;
      version.current = saved.version;
      setMeta({ version: saved.version, problems: saved.problems.map((p) => ({ ...p, blockKey: p.blockKey ?? null, pointer: p.pointer ?? null })) });
      setSaving('saved');
    });
  }, [client, screen.id]);

  const editor = useMemo((): Editor => ({
    screen: { id: screen.id, key: screen.key, title: screen.title, path: screen.path ?? null, ...meta },
    draft, saving, catalogue, selected: selected !== null && draft.blocks.has(selected) ? selected : null, select, run,
    undo: () => undefined, redo: () => undefined, canUndo: false, canRedo: false, conflicts: [], people: [],
  }), [screen, meta, draft, saving, catalogue, selected, select, run]);
  return <EditorContext value={editor}><Panes /></EditorContext>;
}
