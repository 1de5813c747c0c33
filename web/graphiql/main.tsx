import './workers';
import { GraphiQL } from 'graphiql';
// Not graphiql/style.css: that one brings 300 kB of fonts and a second copy of Monaco's styles.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import { createRoot } from 'react-dom/client';
import { askedBy } from './asked';
import { CallerBar } from './callerbar';
import { fetcher } from './fetcher';
import { kept } from './kept';
import { tabs } from './tabs';
import './style.css';

const element = document.getElementById('graphiql');
if (!element) throw new Error('index.html has no element with the id graphiql');

// A link opens a tab of its own beside those that are there. The address is cleared: what becomes of the tab is kept by
// GraphiQL, and a reload must not open it again.
const asked = askedBy(location.hash);
if (asked) history.replaceState(null, '', location.pathname + location.search);

createRoot(element).render(
  <GraphiQL fetcher={fetcher} storage={kept} defaultTabs={asked ? [asked, ...tabs] : tabs} {...(asked ? { initialQuery: asked.query, initialVariables: asked.variables } : {})} shouldPersistHeaders={false} defaultEditorToolsVisibility={matchMedia('(min-width: 60rem)').matches ? 'variables' : false}>
    <GraphiQL.Logo>
      <a className="sonata" href="/">
        <img src="/favicon.svg" alt="" width="22" height="22" />
        Sonata
      </a>
      <CallerBar />
    </GraphiQL.Logo>
  </GraphiQL>,
);
