import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, keepScroll } from './app';
import { Live } from './client';
import { variantOf } from './shop';
import './style.css';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element with the id root');

const live = new Live();
live.start();
keepScroll();
createRoot(element).render(<StrictMode><App live={live} variant={variantOf(location.search)} /></StrictMode>);
