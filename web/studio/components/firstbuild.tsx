import type { ReactNode } from 'react';
import { useFrontend } from '../lib/frontend';
import { Code } from '../ui/code';

/** How a frontend's build registers its components: three things to copy, for this server and this frontend. */
export function FirstBuild(): ReactNode {
  const { frontend } = useFrontend();
  return (
    <ol className="steps">
      <li>
        <b>Get the SDK from this server</b>
        <Code label="Install the SDK" text={`npm install ${location.origin}/sdk/sonata-sdk.tgz`} />
      </li>
      <li>
        <b>Define a component</b>, for instance in <code>src/blocks.tsx</code>; a new screen has <code>page</code> as its root
        <Code label="Define a component" text={`import { defineComponent } from '@sonata/sdk/react';

export { page } from '@sonata/sdk/react';

export const promo = defineComponent({
  key: 'promo',
  version: '1.0',
  title: 'Promo',
  props: {
    type: 'object',
    properties: { title: { type: 'string', title: 'Headline', minLength: 1 } },
    required: ['title'],
  },
  render: ({ props }) => <h2>{props.title}</h2>,
});`} />
      </li>
      <li>
        <b>Register the build</b>: by hand now, in CI later
        <Code label="Register the build" text={`npx sonata-manifest src/blocks.tsx
sonata build register --server ${location.origin} --frontend ${frontend.slug} --name 1.0 sonata.manifest.json`} />
      </li>
    </ol>
  );
}
