import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Route, Router, Switch, useLocation, useParams } from 'wouter';
import { Gate } from './access/gate';
import { AlertsProvider } from './alerts/alerts';
import { ActivityProvider } from './lib/activity';
import { ahead } from './lib/ahead';
import { FrontendProvider, useFrontendState } from './lib/frontend';
import { PublishContext, type PublishRequest } from './lib/publish';
import { Toasts } from './lib/toast';
import { Frame } from './shell/frame';
import { Start } from './shell/start';
import { Away } from './ui/away';
import { Boundary } from './ui/boundary';
import { Empty } from './ui/empty';
import { Waiting } from './ui/waiting';

const Palette = ahead(() => import('./palette/palette'));
const Home = lazy(() => import('./home/home'));
const Editor = lazy(() => import('./editor/editor'));
const Api = lazy(() => import('./api/api'));
const Audit = lazy(() => import('./audit/audit'));
const Component = lazy(() => import('./components/component'));
const Components = lazy(() => import('./components/components'));
const Documents = lazy(() => import('./documents/documents'));
const Screens = lazy(() => import('./screens/screens'));
const Services = lazy(() => import('./services/services'));
const Settings = lazy(() => import('./settings/settings'));
const PublishDialog = ahead(() => import('./publish/dialog'));
const Changes = lazy(() => import('./changes/changes'));
const Keys = lazy(() => import('./keys/keys'));
const Members = lazy(() => import('./members/members'));
const Releases = lazy(() => import('./releases/releases'));
const Shortcuts = lazy(() => import('./shell/shortcuts'));

export function App(): ReactNode {
  return (
    <Router base="/studio">
      <Gate>
        <Switch>
          <Route path="/"><Start /></Route>
          <Route path="/members"><Start at="/members" /></Route>
          <Route path="/:frontend/*?"><Frontend /></Route>
        </Switch>
      </Gate>
      <Toasts />
    </Router>
  );
}

function Frontend(): ReactNode {
  const { frontend: slug = '' } = useParams<{ frontend: string }>();
  return <ActivityProvider frontend={slug} key={slug}><Current slug={slug} /></ActivityProvider>;
}

function Current({ slug }: { readonly slug: string }): ReactNode {
  const state = useFrontendState(slug);
  if (state.phase === 'missing') return <Start missing={slug} />;
  if (state.phase !== 'there') return state.phase === 'away' ? <Away alone /> : <div className="page"><Waiting rows={6} /></div>;
  return <FrontendProvider current={state.current}><Inside slug={slug} /></FrontendProvider>;
}

function Inside({ slug }: { readonly slug: string }): ReactNode {
  const [publishing, publish] = useState<PublishRequest>();
  const [searching, search] = useState(false);
  const [help, showHelp] = useState(false);
  const openPublish = useCallback((request: PublishRequest = {}) => publish(request), []);
  const closePublish = useCallback(() => publish(undefined), []);
  const openSearch = useCallback(() => search(true), []);
  const closeSearch = useCallback(() => search(false), []);
  const openHelp = useCallback(() => showHelp(true), []);
  // These two mean the same in a text field, too.
  useHotkeys(useMemo(() => [
    ['mod+shift+P', () => openPublish(), { preventDefault: true }],
    ['mod+K', () => search((open) => !open), { preventDefault: true }],
  ], [openPublish]), [], true);
  useHotkeys(useMemo(() => [['shift+?', openHelp], ['?', openHelp]], [openHelp]));
  // Before they are asked for, so that they are there at the first press.
  useEffect(() => {
    const timer = setTimeout(() => {
      Palette.load();
      PublishDialog.load();
    }, 1_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <PublishContext value={openPublish}>
      <AlertsProvider><Frame search={openSearch}><Views slug={slug} /></Frame></AlertsProvider>
      <Suspense>
        {publishing && <PublishDialog request={publishing} close={closePublish} />}
        {searching && <Palette close={closeSearch} help={openHelp} />}
        {help && <Shortcuts close={() => showHelp(false)} />}
      </Suspense>
    </PublishContext>
  );
}

function Views({ slug }: { readonly slug: string }): ReactNode {
  const [location] = useLocation();
  return (
    <Boundary of={location}>
      <Suspense fallback={<div className="page"><Waiting rows={6} /></div>}>
        <Switch>
          <Route path="/:frontend"><Home /></Route>
          <Route path="/:frontend/screens"><Screens /></Route>
          <Route path="/:frontend/screens/:key"><Editor /></Route>
          <Route path="/:frontend/components"><Components /></Route>
          <Route path="/:frontend/components/:key"><Component key={location} /></Route>
          <Route path="/:frontend/documents"><Documents /></Route>
          <Route path="/:frontend/services"><Services /></Route>
          <Route path="/:frontend/api"><Api /></Route>
          <Route path="/:frontend/settings"><Settings /></Route>
          <Route path="/:frontend/changes"><Changes /></Route>
          <Route path="/:frontend/releases"><Releases /></Route>
          <Route path="/:frontend/keys"><Keys /></Route>
          <Route path="/:frontend/members"><Members /></Route>
          <Route path="/:frontend/audit"><Audit /></Route>
          <Route><Empty alone title="There is nothing here">The address may be old. <a href={`/studio/${slug}`}>Go home</a> and look from there.</Empty></Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
}

