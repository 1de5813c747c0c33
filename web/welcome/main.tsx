import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { client } from '../studio/lib/client';
import './style.css';
import { Welcome } from './welcome';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element with the id root');
createRoot(element).render(<StrictMode><Provider value={client}><Welcome /></Provider></StrictMode>);
