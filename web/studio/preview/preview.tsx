import { SegmentedControl, Skeleton } from '@mantine/core';
import { useElementSize, useHotkeys } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useKnownVersion, serveAssets } from '../assets/known';
import { useSamples } from '../binding/bound';
import { useEditor } from '../editor/context';
import { titleOf } from '../editor/label';
import { useFrontend } from '../lib/frontend';
import { Empty } from '../ui/empty';
import { BesideButton, Example, Failures, Widths } from './bar';
import type { BridgeState } from './bridge';
import { BuildMenu, type AsBuild } from './builds';
import { Degradations } from './degradations';
import { useFailures } from './failures';
import { focusFields, focusSelected, whenFocused } from './focus';
import { Notice } from './notice';
import { useParts } from './parts';
import { examplesFor, pathOf } from './path';
import './preview.css';
import { useAsBuild, useLiveScreen } from './served';
import { Share } from './share';
import { draftKeyOf, snapshotOf } from './snapshot';
import { useSource } from './source';
import { Stage, type StageHandle } from './stage';
import { useExamples, useWidth, WIDTHS } from './view';

/** Wide enough for two pages side by side. */
const TWO = 560;
/** A second click on a block within this leads to its fields. */
const TWICE_MS = 500;

/** The draft as it looks, and what can be compared with it. */
export default function Preview(): ReactNode {
  const { screen, draft, catalogue, selected, select } = useEditor();
  const { frontend, environment } = useFrontend();
  const { ref: root, width: room } = useElementSize<HTMLElement>();
  const [width, setWidth] = useWidth();
  const [zoom, setZoom] = useState(1);
  const [as, showAs] = useState<AsBuild | null>(null);
  const [beside, setBeside] = useState(false);
  const [side, setSide] = useState('draft');
  const [state, setState] = useState<BridgeState>('connecting');
  const [attempt, tryAgain] = useState(0);

  const [chosen, setExample] = useExamples(frontend.slug, screen.key);
  const params = useStable(examplesFor(screen.path, draft, chosen));
  const path = pathOf(screen.path, params);
  const page = useSource(screen.path === null ? null : path);

  const parts = useParts(frontend.slug, draft);
  const pictures = useKnownVersion();
  const drafts = useMemo(() => [draft, ...parts.values()], [draft, parts]);
  const fill = useSamples(frontend.slug, drafts, params);
  const turn = useRef(0);
  const { key, title } = screen;
  const edited = useMemo(
    () => snapshotOf({ screen: { key, title, path: screen.path }, draft, parts, catalogue, serve: (props) => fill(serveAssets(frontend.slug, props)), params, turn: ++turn.current }),
    // `pictures` and `fill` change when more of them is known.
    [key, title, screen.path, draft, parts, catalogue, frontend.slug, params, pictures, fill],
  );
  const asBuild = useAsBuild(key, as?.manifest ?? null, params);
  const live = useLiveScreen(key, as?.manifest ?? null, params, beside);
  const shown = as ? asBuild : edited;

  const { failed, note, forget } = useFailures(draft);
  const name = useCallback((of: string): string => {
    const block = draft.blocks.get(of);
    return block ? titleOf(catalogue, block.component) : of;
  }, [draft, catalogue]);

  const stage = useRef<StageHandle>(null);
  const liveStage = useRef<StageHandle>(null);
  // What was clicked in the preview is in sight; scrolling to it would only move it away.
  const clicked = useRef<string>(undefined);
  useEffect(() => {
    if (selected === null || !shown || clicked.current === selected) return;
    const target = shown.blocks.find((block) => draftKeyOf(block.key) === selected);
    if (target) stage.current?.reveal(target.key);
    // Only another selection is a reason to scroll, not every state of the draft.
  }, [selected]);
  useEffect(() => {
    if (clicked.current !== selected) clicked.current = undefined;
  }, [selected]);

  const last = useRef<{ readonly key: string; readonly at: number }>(undefined);
  const click = (of: string, frame: HTMLIFrameElement): void => {
    const target = draftKeyOf(of);
    if (!draft.blocks.has(target)) return;
    const now = { key: target, at: performance.now() };
    const twice = last.current?.key === target && now.at - last.current.at < TWICE_MS;
    last.current = now;
    const newest = () => last.current === now; // whoever has clicked on is not taken back
    const follow = () => {
      if (!newest()) return;
      clicked.current = target;
      select(target);
      if (twice) focusFields(newest);
      else focusSelected(target, frame.closest<HTMLElement>('.preview'), newest);
    };
    // A person's click gives the frame the focus. A page that only says that it was clicked does not get to take it away.
    // The second of two clicks is believed after the first, which may just have taken the focus out of the frame again.
    if (twice && clicked.current === target) follow();
    else whenFocused(frame, follow);
  };

  useHotkeys(WIDTHS.map((value, i) => [String(i + 1), () => setWidth(value)]));

  const both = beside && room >= TWO;
  const pixels = width === 'full' ? null : Number(width);
  const marks = { selected, failed, name };
  const which = page.source ? `${page.source.kind === 'own' ? page.source.src : ''} ${attempt}` : '';
  return (
    <section className="preview" ref={root} aria-label="Preview" data-state={state} tabIndex={-1}>
      <div className="preview-bar" role="group" aria-label="How it is shown">
        <Widths width={width} choose={setWidth} zoom={zoom} />
        <Example key={key} path={path} params={params} change={setExample} />
        <span className="row push">
          <Failures failed={failed} name={name} />
          <BuildMenu as={as} choose={showAs} page={page} part={screen.path === null} />
          <BesideButton on={beside} toggle={() => setBeside((now) => !now)} />
          <Share path={path} />
        </span>
      </div>
      <Notice page={page} state={state} again={() => tryAgain((n) => n + 1)} />
      {beside && !both && <SegmentedControl className="sides" size="xs" aria-label="Draft or live" value={side} onChange={setSide} data={[{ value: 'draft', label: 'Draft' }, { value: 'live', label: 'Live' }]} />}
      <div className="stages" data-both={both || undefined}>
        {page.source ? (
          <>
            <div className="side" hidden={beside && !both && side !== 'draft'}>
              {both && <p className="side-name"><span className="tag">Draft</span></p>}
              {shown === null && !as && <div className="nothing"><Empty title="Nothing to show yet">The outermost block of this screen shows nothing. Insert a block, and it appears here.</Empty></div>}
              <Stage
                key={`draft ${which}`} ref={stage} label={`Preview of ${title}`} source={page.source} snapshot={shown} manifest={as?.manifest ?? null} width={pixels} marks={marks} onZoom={setZoom}
                events={{
                  state: (now) => {
                    setState(now);
                    forget();
                  },
                  click, renderError: note, scrolled: (ratio) => liveStage.current?.scroll(ratio),
                }}
              />
            </div>
            {beside && (
              <div className="side" hidden={!both && side !== 'live'}>
                {both && <p className="side-name"><span className="tag" data-tone="accent">Live</span> <span className="muted">{environment.live ? `release ${environment.live.number}` : ''}</span></p>}
                {live === null
                  ? <div className="nothing"><Empty title="Not live yet">Visitors see this screen after the next publish.</Empty></div>
                  : <Stage key={`live ${which}`} ref={liveStage} label={`Live: ${title}`} source={page.source} snapshot={live} manifest={as?.manifest ?? null} width={pixels} marks={{ selected, failed: NONE, name }} events={{ click, scrolled: (ratio) => stage.current?.scroll(ratio) }} />}
              </div>
            )}
          </>
        ) : <Skeleton className="side" height="100%" radius="md" />}
      </div>
      {as && <Degradations snapshot={asBuild} build={as.name} />}
    </section>
  );
}

const NONE: ReadonlyMap<string, string> = new Map();

/** The same object as long as it says the same. */
function useStable<T extends object>(value: T): T {
  const text = JSON.stringify(value);
  return useMemo(() => value, [text]);
}
