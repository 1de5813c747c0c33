import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { PanelLeftClose, PanelLeftOpen, PanelRightClose, PanelRightOpen } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type CSSProperties, type ReactNode } from 'react';
import { denied } from '../access/say';
import { useReturnFocus } from '../lib/focus';
import { recall, remember } from '../lib/recall';
import { focusFields } from '../preview/focus';
import Preview from '../preview/preview';
import { Waiting } from '../ui/waiting';
import { FrameContext } from './actions';
import { Announcer } from './announce';
import { ConflictBar } from './bar';
import { BlockHead } from './block/head';
import { useEditor } from './context';
import { Divider } from './divider';
import { Deleted } from './header/more';
import { ReadOnly } from './form/readonly';
import { Header } from './header/header';
import { Insert } from './insert/insert';
import { Keyboard } from './keyboard';
import { Layers } from './layers/layers';
import type { Place } from './model/draft';

// Layers and preview do not wait for the fields.
const loadForm = () => import('./form/form').then(({ PropsForm }) => ({ default: PropsForm }));
const PropsForm = lazy(loadForm);
const BlockUsage = lazy(() => import('../home/blockusage').then((loaded) => ({ default: loaded.BlockUsage })));

type Side = 'layers' | 'props';
type Tab = Side | 'preview';

interface Widths {
  readonly layers: number;
  readonly props: number;
  readonly closed: readonly Side[];
}

const LIMITS = { layers: [180, 480], props: [240, 640] } as const;
const isWidths = (value: unknown): value is Widths =>
  typeof value === 'object' && value !== null && 'layers' in value && 'props' in value && typeof value.layers === 'number' && typeof value.props === 'number' && 'closed' in value && Array.isArray(value.closed);

/** Layers, preview and props: side by side where there is room, one after the other where there is not. */
export function Panes(): ReactNode {
  const wide = useMediaQuery('(min-width: 60.01rem)', true, { getInitialValueInEffect: false });
  const narrow = useMediaQuery('(max-width: 44rem)', false, { getInitialValueInEffect: false });
  // A link to a block leads to what it holds.
  const [tab, setTab] = useState<Tab>(() => (new URLSearchParams(location.search).has('block') ? 'props' : 'layers'));
  const [widths, setWidths] = useState(() => recall<Widths>('editor.panes', { layers: 264, props: 320, closed: [] }, isWidths));
  const [inserting, setInserting] = useState<{ readonly place: Place | undefined }>();
  const [focusOn, setFocusOn] = useState<{ readonly key: string }>();
  useEffect(() => remember('editor.panes', widths), [widths]);
  // The first block that is selected should find them there.
  useEffect(() => void loadForm().catch(() => undefined), []);
  const { may } = useEditor();
  const insert = useCallback((place?: Place) => {
    if (!denied(may)) setInserting({ place });
  }, [may]);
  const props = useCallback(() => {
    setTab('props');
    setWidths((now) => ({ ...now, closed: now.closed.filter((side) => side !== 'props') }));
    focusFields();
  }, []);
  const frame = useMemo(() => ({ insert, props }), [insert, props]);

  const mode = wide ? 'wide' : narrow ? 'narrow' : 'medium';
  // In between the preview is always there, and the other two share a side.
  const shows = (pane: Tab): boolean => wide || pane === tab || (!narrow && pane === 'preview') || (!narrow && tab === 'preview' && pane === 'layers');
  const closed = (side: Side): boolean => wide && widths.closed.includes(side);
  const toggle = (side: Side): void => setWidths((now) => ({ ...now, closed: now.closed.includes(side) ? now.closed.filter((other) => other !== side) : [...now.closed, side] }));
  const resize = (side: Side) => (width: number): void => setWidths((now) => ({ ...now, [side]: Math.round(Math.min(Math.max(width, LIMITS[side][0]), LIMITS[side][1])) }));
  const style = { '--layers': closed('layers') ? '2.25rem' : `${widths.layers}px`, '--props': closed('props') ? '2.25rem' : `${widths.props}px` } as CSSProperties;

  return (
    <FrameContext value={frame}>
      <div className="editor" data-mode={mode} style={style}>
        <Header />
        <Deleted />
        <ConflictBar />
        {!wide && (
          <SegmentedControl
            className="editor-tabs" aria-label="Part of the editor" fullWidth value={!narrow && tab === 'preview' ? 'layers' : tab} onChange={(value) => setTab(value as Tab)}
            data={[{ value: 'layers', label: 'Layers' }, ...(narrow ? [{ value: 'preview', label: 'Preview' }] : []), { value: 'props', label: 'Props' }]}
          />
        )}
        <div className="panes">
          <Pane name="layers" label="Layers" shown={shows('layers')} closed={closed('layers')} toggle={wide ? () => toggle('layers') : undefined}><Layers focusOn={focusOn} /></Pane>
          {wide && <Divider label="Width of the layers" value={widths.layers} limits={LIMITS.layers} grows={1} resize={resize('layers')} disabled={closed('layers')} />}
          <div className="pane" data-pane="preview" hidden={!shows('preview')}><Preview /></div>
          {wide && <Divider label="Width of the props" value={widths.props} limits={LIMITS.props} grows={-1} resize={resize('props')} disabled={closed('props')} />}
          <Pane name="props" label="Props" shown={shows('props')} closed={closed('props')} toggle={wide ? () => toggle('props') : undefined}><Props /></Pane>
        </div>
      </div>
      {inserting && (
        <InsertDialog
          place={inserting.place}
          close={(key) => {
            setInserting(undefined);
            if (key !== undefined) setFocusOn({ key });
          }}
        />
      )}
      <Keyboard insert={insert} />
      <Announcer />
    </FrameContext>
  );
}

function InsertDialog(props: { readonly place: Place | undefined; readonly close: (key?: string) => void }): ReactNode {
  useReturnFocus();
  return <Insert {...props} />;
}

interface PaneProps {
  readonly name: Side;
  readonly label: string;
  readonly shown: boolean;
  readonly closed: boolean;
  readonly toggle: (() => void) | undefined;
  readonly children: ReactNode;
}

function Pane({ name, label, shown, closed, toggle, children }: PaneProps): ReactNode {
  const [Close, Open] = name === 'layers' ? [PanelLeftClose, PanelLeftOpen] : [PanelRightClose, PanelRightOpen];
  const Icon = closed ? Open : Close;
  return (
    <section className="pane" data-pane={name} data-closed={closed || undefined} aria-label={label} hidden={!shown}>
      {!toggle && <h2 className="visually-hidden">{label}</h2>}
      {toggle && (
        <div className="pane-head">
          {!closed && <h2>{name === 'layers' ? 'Layers' : 'Props'}</h2>}
          <button type="button" className="pane-toggle push" data-pane-control aria-expanded={!closed} aria-label={`${closed ? 'Show' : 'Hide'} the ${name}`} onClick={toggle}><Icon size={16} aria-hidden="true" /></button>
        </div>
      )}
      <div className="pane-body" hidden={closed}>{children}</div>
    </section>
  );
}

function Props(): ReactNode {
  const { draft, selected, conflicts, screen } = useEditor();
  const block = selected === null ? undefined : draft.blocks.get(selected);
  const usage = <Suspense><div className="pane-usage"><BlockUsage screen={screen.id} block={block?.key ?? null} /></div></Suspense>;
  if (!block && !conflicts.some((conflict) => conflict.block === selected)) {
    return <><p className="muted pane-none">Select a block, in the layers or in the preview, to change what it shows.</p>{usage}</>;
  }
  return (
    <div className="pane-props">
      {block && <BlockHead block={block} />}
      <Suspense fallback={<Waiting rows={5} height={56} />}><ReadOnly><PropsForm /></ReadOnly></Suspense>
      {block && usage}
    </div>
  );
}
