import { createContext, Fragment, useContext, type ReactNode } from 'react';
import { bindingOf, boundWords, paramOf, pathWords, type Binding } from '../binding/envelope';
import { isObject, own, type Json } from '../lib/json';
import type { PropChange } from './diff';
import { words } from '../lib/format';
import { pieces, tokens } from './text';

/** Longer texts are cut: the JSON shows them whole. */
const LONGEST = 3_000;
const clip = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const PICTURE = /^\/(?:assets\/[0-9a-f]{64}|[^/\\?#][^\\?#]*\.(?:png|jpe?g|webp|avif|gif|svg))$/i;
const HASH = /^sha256:([0-9a-f]{64})$/;

/** Names of the documents that something is bound to, by hash. */
export const DocumentNames = createContext<ReadonlyMap<string, string>>(new Map());

/** The address of a thumbnail for a value that is an image of this server. */
export function pictureOf(value: Json | undefined): { readonly src: string; readonly alt: string } | undefined {
  const held = isObject(value) ? own(value, 'alt') : undefined;
  const alt = typeof held === 'string' ? held : '';
  const asset = isObject(value) ? own(value, '$asset') : undefined;
  const hash = typeof asset === 'string' ? HASH.exec(asset)?.[1] : undefined;
  if (hash) return { src: `/assets/${hash}?w=160`, alt };
  const url = isObject(value) ? own(value, 'url') : value;
  return typeof url === 'string' && PICTURE.test(url) ? { src: url.startsWith('/assets/') ? `${url}?w=160` : url, alt } : undefined;
}

/** How a text changed, word by word. */
export function Words({ before, after }: { readonly before: string; readonly after: string }): ReactNode {
  return (
    <p className="words" dir="auto">
      {pieces(tokens(clip(before)), tokens(clip(after))).map(({ kind, items }, i) => {
        const text = items.join('');
        return kind === 'same' ? <Fragment key={i}>{text}</Fragment> : kind === 'added' ? <ins key={i}>{text}</ins> : <del key={i}>{text}</del>;
      })}
    </p>
  );
}

/** A JSON value in lines, its properties in order: what is compared line by line. */
export function jsonLines(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  const sorted = (_: string, held: unknown): unknown => (isObject(held) ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1))) : held);
  return JSON.stringify(value, sorted, 2).split('\n');
}

const plain = (value: Json | undefined): string | undefined => (value === undefined ? '' : typeof value === 'string' ? value : undefined);
const short = (value: Json | undefined): string => (value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value));

/** A value that is bound says from where; others stay as they are. */
const spoken = (value: Json | undefined, documents: ReadonlyMap<string, string>): Json | undefined => {
  const binding = bindingOf(value);
  return binding ? sentenceOf(binding, documents.get(binding.document)) : value;
};

function sentenceOf(binding: Binding, name: string | undefined): string {
  const given = Object.entries(binding.variables).map(([variable, value]) => `${variable} ${paramOf(value) === undefined ? JSON.stringify(value) : `:${paramOf(value) ?? ''} of the path`}`);
  const map = Object.entries(binding.map ?? {}).map(([property, pointer]) => `${property} ← ${pathWords(pointer)}`);
  return [boundWords(binding, name), given.length > 0 && `with ${given.join(', ')}`, map.length > 0 && map.join(', '), binding.byPage && 'asked for by the page itself'].filter(Boolean).join(' · ');
}

function Value({ before: was, after: is }: Omit<PropChange, 'name'>): ReactNode {
  const documents = useContext(DocumentNames);
  const [before, after] = [spoken(was, documents), spoken(is, documents)];
  const pictures = [pictureOf(before), pictureOf(after)] as const;
  if (pictures[0] || pictures[1]) {
    return (
      <div className="pictures">
        {pictures.map((picture, i) => picture
          ? <figure key={i} data-kind={i === 0 ? 'removed' : 'added'}><img src={picture.src} alt={picture.alt} loading="lazy" width="112" height="84" /><figcaption dir="auto">{i === 0 ? 'before' : 'after'}{picture.alt && <>: {picture.alt}</>}</figcaption></figure>
          : <figure key={i} className="no-picture"><span>none</span><figcaption>{i === 0 ? 'before' : 'after'}</figcaption></figure>)}
      </div>
    );
  }
  const [old, now] = [plain(before), plain(after)];
  if (old !== undefined && now !== undefined) return <Words before={old} after={now} />;
  const small = [before, after].every((value) => value === undefined || typeof value !== 'object');
  if (small) return <p className="words" dir="auto">{before !== undefined && <del>{clip(short(before))}</del>} {after !== undefined && <ins>{clip(short(after))}</ins>}</p>;
  return <Lines before={jsonLines(before)} after={jsonLines(after)} label="Before and after" />;
}

/** What became of each property. */
export function Props({ props }: { readonly props: readonly PropChange[] }): ReactNode {
  return (
    <dl className="props">
      {props.map(({ name, before, after }) => (
        <div key={name}>
          <dt dir="auto">{words(name)}</dt>
          <dd><Value before={before} after={after} /></dd>
        </div>
      ))}
    </dl>
  );
}

const CONTEXT = 2;
const MOST = 600;

/** Two texts line by line. Of what is the same only the lines around a change are shown. */
export function Lines({ before, after, label }: { readonly before: readonly string[]; readonly after: readonly string[]; readonly label: string }): ReactNode {
  const list = pieces(before, after);
  const shown: { readonly kind: 'same' | 'added' | 'removed' | 'gap'; readonly text: string }[] = [];
  list.forEach(({ kind, items }, i) => {
    if (kind !== 'same') {
      for (const text of items) shown.push({ kind, text });
      return;
    }
    const head = i === 0 ? 0 : CONTEXT;
    const tail = i === list.length - 1 ? 0 : CONTEXT;
    if (items.length <= head + tail + 1) for (const text of items) shown.push({ kind, text });
    else {
      for (const text of items.slice(0, head)) shown.push({ kind, text });
      shown.push({ kind: 'gap', text: `${items.length - head - tail} equal lines` });
      for (const text of items.slice(items.length - tail)) shown.push({ kind, text });
    }
  });
  return (
    <div className="json" role="region" aria-label={label} tabIndex={0}>
      {shown.slice(0, MOST).map(({ kind, text }, i) => (
        <div key={i} data-kind={kind}><span aria-hidden="true">{{ same: ' ', added: '+', removed: '−', gap: '⋯' }[kind]}</span>{kind === 'added' && <span className="visually-hidden">added: </span>}{kind === 'removed' && <span className="visually-hidden">removed: </span>}{clip(text)}</div>
      ))}
      {shown.length > MOST && <div data-kind="gap"><span aria-hidden="true">⋯</span>and {shown.length - MOST} more lines</div>}
    </div>
  );
}
