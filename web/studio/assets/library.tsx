// Everything that was uploaded for this frontend: looked through, searched, added to.
import { Button, Modal, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Search, Upload } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql';
import type { StudioAssetsQuery } from '../gql/graphql';
import { count } from '../lib/format';
import { thumbnail } from './asset';
import { learn } from './known';
import { pictureIn, upload, UploadError, type Uploaded } from './upload';

const ASSETS = graphql(`
  query StudioAssets($slug: String!, $query: String, $after: String) {
    frontend(slug: $slug) {
      assets(first: 40, after: $after, query: $query) {
        edges { node { id hash url width height placeholder name } }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
`);

type Page = NonNullable<StudioAssetsQuery['frontend']>['assets'];
type Picture = Page['edges'][number]['node'];

interface Loaded {
  readonly list: readonly Picture[];
  readonly total: number;
  readonly after: string | null;
  readonly query: string;
}

/** Pages of pictures, one after the other, for one search. */
function usePictures(slug: string, query: string) {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, fail] = useState(false);
  const busy = useRef(false);
  const load = useCallback(async (from: Loaded | undefined) => {
    if (from && busy.current) return;
    busy.current = true;
    const { data } = await client.query(ASSETS, { slug, query: query === '' ? null : query, after: from?.after ?? null }, { requestPolicy: 'network-only' }).toPromise();
    busy.current = false;
    const page = data?.frontend?.assets;
    fail(!page);
    if (!page) return;
    const next = page.edges.map(({ node }) => node);
    learn(next);
    setLoaded((now) => (from && now !== from ? now : { list: [...(from?.list ?? []), ...next], total: page.totalCount, after: page.pageInfo.hasNextPage ? page.pageInfo.endCursor ?? null : null, query }));
  }, [client, slug, query]);
  useEffect(() => {
    void load(undefined);
  }, [load]);
  const more = useCallback(() => void load(loaded), [load, loaded]);
  return { loaded, failed, more, add: (picture: Uploaded) => setLoaded((now) => now && { ...now, list: [picture, ...now.list.filter(({ hash }) => hash !== picture.hash)], total: now.list.some(({ hash }) => hash === picture.hash) ? now.total : now.total + 1 }) };
}

interface LibraryProps {
  readonly frontend: string;
  /** What the picture is for. */
  readonly title: string;
  readonly close: () => void;
  readonly choose: (hash: string) => void;
}

export default function Library({ frontend, title, close, choose }: LibraryProps): ReactNode {
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 200);
  const { loaded, failed, more, add } = usePictures(frontend, asked);
  const [over, setOver] = useState(false);
  const [progress, setProgress] = useState<number>();
  const [problem, say] = useState<string>();
  const file = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLUListElement>(null);
  const end = useRef<HTMLButtonElement>(null);

  const take = async (picture: File | undefined): Promise<void> => {
    if (!picture) return;
    say(undefined);
    setProgress(0);
    try {
      const uploaded = await upload(frontend, picture, { progress: setProgress });
      add(uploaded);
      choose(uploaded.hash);
    } catch (error) {
      say(error instanceof UploadError ? error.message : 'The picture was not taken. Try again in a moment.');
    } finally {
      setProgress(undefined);
    }
  };

  // Near the end the next page comes by itself; the button is there for whoever does not scroll.
  useEffect(() => {
    const element = end.current;
    if (!element) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && more(), { rootMargin: '200px' });
    watch.observe(element);
    return () => watch.disconnect();
  }, [more, loaded]);

  // The grid is one stop of Tab; the arrow keys go around in it.
  const keys = (event: KeyboardEvent): void => {
    const buttons = [...(grid.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const top = buttons[0]?.offsetTop;
    const columns = Math.max(1, buttons.findIndex(({ offsetTop }) => offsetTop !== top));
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -at, End: buttons.length - 1 - at }[event.key];
    if (by === undefined || at < 0) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
  };
  const rove = (button: HTMLElement): void => {
    for (const other of grid.current?.querySelectorAll('button') ?? []) other.tabIndex = -1;
    button.tabIndex = 0;
  };

  return (
    <Modal opened onClose={close} title={`Choose: ${title}`} size="56rem">
      <div
        className="library" data-over={over || undefined}
        onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }}
        onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); }}
        onDrop={(event) => { setOver(false); const picture = pictureIn(event.dataTransfer); if (picture) { event.preventDefault(); void take(picture); } }}
        onPaste={(event) => { const picture = pictureIn(event.clipboardData); if (picture) { event.preventDefault(); void take(picture); } }}
      >
        <div className="row wrap">
          <TextInput className="grow" aria-label="Search pictures" placeholder="Search by file name" leftSection={<Search size={15} aria-hidden="true" />} value={query} onChange={(event) => setQuery(event.currentTarget.value)} data-autofocus />
          <Button leftSection={<Upload size={15} aria-hidden="true" />} loading={progress !== undefined} onClick={() => file.current?.click()}>Upload</Button>
          <input ref={file} type="file" accept="image/png,image/jpeg,image/webp,image/gif,image/avif" hidden onChange={(event) => { void take(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
        </div>
        {progress !== undefined && <progress className="asset-progress" max={1} value={progress} aria-label="Uploading" />}
        {problem && <p className="problem" role="alert" dir="auto">{problem}</p>}
        {!loaded
          ? failed ? <p className="muted library-none">The server does not answer. Try again in a moment.</p> : <div className="library-grid" aria-busy="true">{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} height={132} radius="md" />)}</div>
          : loaded.list.length === 0
            ? <p className="muted library-none">{loaded.query ? `No picture has “${loaded.query}” in its name.` : 'No picture yet. Drop one here, paste one, or upload one; all screens can use it.'}</p>
            : (
              <>
                <p className="faint" role="status">{count(loaded.total)} {loaded.total === 1 ? 'picture' : 'pictures'}, the newest first</p>
                <ul className="library-grid" ref={grid} onKeyDown={keys} aria-label="Pictures">
                  {loaded.list.map((picture, i) => (
                    <li key={picture.hash}>
                      <button type="button" tabIndex={i === 0 ? 0 : -1} onFocus={(event) => rove(event.currentTarget)} onClick={() => choose(picture.hash)}>
                        <span className="library-picture" style={{ backgroundImage: `url("${picture.placeholder}")` }}><img src={thumbnail(picture.url, 320)} alt="" width={picture.width} height={picture.height} loading="lazy" decoding="async" /></span>
                        <span className="truncate" dir="auto">{picture.name}</span>
                        <span className="faint">{picture.width} × {picture.height}</span>
                      </button>
                    </li>
                  ))}
                </ul>
                {loaded.after !== null && <button type="button" ref={end} className="form-button library-more" onClick={more}>Show more</button>}
              </>
            )}
      </div>
    </Modal>
  );
}
