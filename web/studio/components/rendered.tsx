import { Button } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { CopyButton } from '../ui/code';
import type { Example } from './examples';
import { RendererFrame } from './frame';

interface RenderedProps {
  readonly component: string;
  readonly version: string;
  readonly slots: readonly string[];
  readonly examples: readonly Example[];
}

/** The examples, drawn by the built-in renderer, with the props that make them. */
export function Rendered({ component, version, slots, examples }: RenderedProps): ReactNode {
  const [at, show] = useState(0);
  const example = examples[at] ?? examples[0];
  const props = example?.props;
  const snapshot = useMemo(() => {
    const block = { key: 'example', component, version, props: props ?? {}, slots: slots.map((name) => ({ name, blocks: [] })) };
    const root = { key: 'root', component: 'page', version: '1.0', props: {}, slots: [{ name: 'children', blocks: ['example'] }] };
    const whole = component === 'page';
    return { id: `example ${component} ${version} ${at}`, key: 'example', title: '', path: '/', params: {}, contentHash: `example ${at}`, release: null, root: whole ? 'example' : 'root', blocks: whole ? [block] : [root, block], degradations: [] };
  }, [component, version, slots, props, at]);
  const text = useMemo(() => JSON.stringify(props, null, 2), [props]);
  return (
    <section className="card" aria-labelledby="component-examples">
      <header><h2 id="component-examples">{examples.length > 1 ? 'Examples' : 'Example'}</h2>{examples.length === 1 && <span className="muted" dir="auto">{example?.title}</span>}</header>
      {examples.length > 1 && (
        <div className="example-tabs" role="group" aria-label="Which example">
          {examples.map(({ title }, i) => <Button key={i} size="compact-sm" variant={i === at ? 'light' : 'subtle'} color={i === at ? 'green' : 'gray'} aria-pressed={i === at} onClick={() => show(i)}><bdi>{title}</bdi></Button>)}
        </div>
      )}
      <div className="example-frame"><RendererFrame snapshot={snapshot} title={`${example?.title ?? 'Example'}, drawn by the built-in renderer`} /></div>
      <details className="example-props">
        <summary className="muted">Props of this example</summary>
        <div className="code" style={{ marginTop: '.5rem' }}>
          <pre tabIndex={0} role="region" aria-label="Props of this example" dir="ltr"><code>{text}</code></pre>
          <CopyButton label="Props of this example" text={text} />
        </div>
      </details>
    </section>
  );
}
