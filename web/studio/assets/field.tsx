// A picture in props: dropped, pasted, picked from this computer or from what was uploaded before, and the words for
// people who do not see it.
import { ImagePlus } from 'lucide-react';
import { lazy, Suspense, useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Frame, titleOf, useChange, type FieldProps } from '../editor/form/field';
import { below } from '../editor/form/pointer';
import { useForm, useSaid } from '../editor/form/store';
import { useTyped } from '../editor/form/typed';
import { useFrontend } from '../lib/frontend';
import { altOf, envelope, hashOf, thumbnail } from './asset';
import './assets.css';
import { useKnown } from './known';
import { pictureIn, upload, UploadError } from './upload';

const Library = lazy(() => import('./library'));

const ALT_MAX = 1_000;
const ACCEPT = 'image/png,image/jpeg,image/webp,image/gif,image/avif';

export default function AssetField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { frontend } = useFrontend();
  const [progress, setProgress] = useState<number>();
  const [problem, say] = useState<string>();
  const [over, setOver] = useState(false);
  const [library, openLibrary] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const pick = useRef<HTMLButtonElement>(null);
  const stop = useRef<AbortController>(undefined);
  const hash = hashOf(props.value);
  const known = useKnown(frontend.slug, hash);
  const alt = altOf(props.value);
  const title = titleOf(props);
  useEffect(() => () => stop.current?.abort(), []);

  const put = (next: string): void => {
    say(undefined);
    // Another picture shows something else: its words would be wrong.
    change(envelope(next, next === hash ? alt : ''));
  };
  const take = async (picture: File | undefined): Promise<void> => {
    if (!picture) return;
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    say(undefined);
    setProgress(0);
    try {
      put((await upload(frontend.slug, picture, { progress: setProgress, signal: mine.signal })).hash);
    } catch (error) {
      if (!mine.signal.aborted) say(error instanceof UploadError ? error.message : 'The picture was not taken. Try again in a moment.');
    } finally {
      if (stop.current === mine) setProgress(undefined);
    }
  };

  return (
    <Frame of={props} group clear={!props.required && props.value !== undefined && hash === undefined}>
      {(control) => (
        <div
          className="asset" data-over={over || undefined}
          onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }}
          onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); }}
          onDrop={(event) => { setOver(false); const picture = pictureIn(event.dataTransfer); if (picture) { event.preventDefault(); event.stopPropagation(); void take(picture); } }}
          onPaste={(event) => { const picture = pictureIn(event.clipboardData); if (picture) { event.preventDefault(); event.stopPropagation(); void take(picture); } }}
        >
          {hash === undefined
            ? <p className="asset-empty"><ImagePlus size={20} strokeWidth={1.5} aria-hidden="true" /><span>Drop or paste a picture here</span></p>
            : (
              <div className="asset-shown" style={known && { backgroundImage: `url("${known.placeholder}")` }}>
                {known ? <img src={thumbnail(known.url, 640)} alt={alt || 'The picture, without a description yet'} width={known.width} height={known.height} decoding="async" /> : <span className="asset-unknown">{hash.slice(7, 15)}…</span>}
              </div>
            )}
          {progress !== undefined && <progress className="asset-progress" max={1} value={progress} aria-label={`Uploading ${title}`} />}
          <div className="row wrap asset-actions">
            <button type="button" ref={pick} className="form-button asset-pick" aria-describedby={control['aria-describedby']} onClick={() => file.current?.click()} disabled={progress !== undefined}>{hash === undefined ? 'Upload' : 'Replace'}<span className="visually-hidden"> {title}</span></button>
            <button type="button" className="form-button" onClick={() => openLibrary(true)} disabled={progress !== undefined}>Library<span className="visually-hidden">: choose {title}</span></button>
            {hash !== undefined && <button type="button" className="field-clear" onClick={() => { change(undefined); pick.current?.focus(); }}>Remove<span className="visually-hidden"> {title}</span></button>}
            {known && <span className="faint asset-name truncate" dir="auto">{known.name} · {known.width} × {known.height}</span>}
          </div>
          <input ref={file} type="file" accept={ACCEPT} hidden onChange={(event) => { void take(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
          {problem && <p className="field-said" data-tone="bad" role="alert" dir="auto">{problem}</p>}
          {hash !== undefined && <Alt of={props} hash={hash} alt={alt} />}
          {library && (
            <Suspense>
              <Library frontend={frontend.slug} title={title} close={() => openLibrary(false)} choose={(next) => { put(next); openLibrary(false); }} />
            </Suspense>
          )}
        </div>
      )}
    </Frame>
  );
}

/** The words that stand in for the picture. They belong to this use of it. */
function Alt({ of, hash, alt }: { readonly of: FieldProps; readonly hash: string; readonly alt: string }): ReactNode {
  const form = useForm();
  const id = useId();
  const at = below(of.at, 'alt');
  const said = useSaid(at);
  const { shown, ...typed } = useTyped(at, alt, (text) => form.set(of.at, envelope(hash, text), { what: `Description of ${titleOf(of)} changed`, typing: true }));
  const length = [...shown].length;
  return (
    <div className="field" data-at={at}>
      <label className="field-name" htmlFor={id}>Description</label>
      <textarea id={id} className="form-input" rows={1} dir="auto" value={shown} placeholder="What can be seen" aria-describedby={`${id}n`} aria-invalid={length > ALT_MAX || said?.tone === 'bad' || undefined} onChange={(event) => typed.change(event.currentTarget.value)} onBlur={typed.leave} />
      <p className="field-said" id={`${id}n`} data-tone={length > ALT_MAX ? 'bad' : 'nudge'}>{length > ALT_MAX ? `At most ${ALT_MAX} characters: ${length - ALT_MAX} too many` : shown.trim() === '' ? 'Describe it for people who do not see it' : ''}</p>
    </div>
  );
}
