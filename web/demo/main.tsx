import { createSonata } from '@sonata/sdk';
import { SonataProvider } from '@sonata/sdk/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, keepScroll, UnknownBuild } from './app';
import { builds, componentsOf } from './builds';
import { variantOf } from './variant';
import './style.css';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element with the id root');

const variant = variantOf(location.search);
const root = createRoot(element);
if (builds.includes(variant.build)) {
  const sonata = createSonata({ endpoint: '/', frontend: 'shop', usage: true, ...variant });
  keepScroll();
  root.render(<StrictMode><SonataProvider client={sonata} registry={componentsOf(variant.build)}><App variant={variant} /></SonataProvider></StrictMode>);
} else {
  root.render(<StrictMode><UnknownBuild name={variant.build} /></StrictMode>);
}
