import { Button } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import { Link, useParams } from 'wouter';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Waiting } from '../ui/waiting';
import './editor.css';
import { Panes } from './panes';
import { Provide } from './provide';
import { useCatalogue } from './session/catalogue';
import { findScreen, readScreen, type ScreenData } from './session/find';

/** The screen editor: layers, preview, props. */
export default function EditorPage(): ReactNode {
  const { key = '' } = useParams<{ key: string }>();
  const { frontend } = useFrontend();
  return <Load key={`${frontend.id} ${key}`} slug={frontend.slug} screenKey={key} />;
}

function Load({ slug, screenKey }: { readonly slug: string; readonly screenKey: string }): ReactNode {
  const client = useClient();
  const catalogue = useCatalogue(slug);
  const [screen, set] = useState<ScreenData | null | 'away'>();
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      const id = await findScreen(client, slug, screenKey);
      const found = id == null ? id : await readScreen(client, id);
      if (gone) return;
      set(found === undefined ? 'away' : found);
      if (found === undefined) timer = setTimeout(() => void read(), 1_500);
    };
    void read();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, slug, screenKey]);
  if (screen === null) {
    return <Empty title="There is no such screen" actions={<Button component={Link} href={`/${slug}/screens`} variant="default">See all screens</Button>}>It may have been deleted, or the address is wrong.</Empty>;
  }
  if (screen === 'away') return <Away alone />;
  if (!screen || !catalogue) return <div className="page"><Waiting rows={6} /></div>;
  return <Provide screen={screen} catalogue={catalogue}><Panes /></Provide>;
}
