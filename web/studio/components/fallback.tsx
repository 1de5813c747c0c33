import { Fragment, type ReactNode } from 'react';
import { Link } from 'wouter';
import { words } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { isObject, own, type Json } from '../lib/json';

/** What older builds show instead, in words. */
export function Fallback({ title, fallback }: { readonly title: string; readonly fallback: Json | undefined }): ReactNode {
  const { frontend } = useFrontend();
  const key = isObject(fallback) ? own(fallback, 'component') : undefined;
  const major = isObject(fallback) ? own(fallback, 'major') : undefined;
  const props = isObject(fallback) ? own(fallback, 'props') : undefined;
  return (
    <section className="card" aria-labelledby="component-fallback">
      <header><h2 id="component-fallback">Fallback</h2></header>
      {typeof key !== 'string' ? (
        <p className="muted">None. A build that cannot render <bdi>{title}</bdi> leaves it out, with everything in it.</p>
      ) : (
        <p className="muted">
          Where a build cannot render <bdi>{title}</bdi>, <Link href={`/${frontend.slug}/components/${encodeURIComponent(key)}`}>{words(key)}</Link> {typeof major === 'number' && major} stands in
          {isObject(props) && Object.keys(props).length > 0 && <>: {Object.entries(props).slice(0, 20).map(([name, value], i) => <Fragment key={name}>{i > 0 && '; '}<code>{name}</code> {source(value)}</Fragment>)}</>}.
        </p>
      )}
    </section>
  );
}

/** Where a prop of the stand-in comes from. */
function source(value: Json): ReactNode {
  const pointer = isObject(value) ? own(value, '$prop') : undefined;
  return typeof pointer === 'string' ? <>from <code>{pointer.replace(/^\//, '')}</code></> : <>is <code>{JSON.stringify(value).slice(0, 60)}</code></>;
}
