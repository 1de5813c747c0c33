import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, keepScroll, UnknownBuild } from './app';
import { Live } from './client';
import { builds } from './registry';
import { variantOf } from './shop';
import './style.css';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element with the id root');

const variant = variantOf(location.search);
const root = createRoot(element);
if (builds.includes(variant.build)) {
  const live = new Live();
  live.start();
  keepScroll();
  root.render(<StrictMode><App live={live} variant={variant} /></StrictMode>);
} else {
  root.render(<StrictMode><UnknownBuild name={variant.build} /></StrictMode>);
}
