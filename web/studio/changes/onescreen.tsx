import { Button, Menu, ActionIcon } from '@mantine/core';
import { Ellipsis, RotateCcw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Allowed } from '../access/allowed';
import { useMayEdit, useMayPublish } from '../access/here';
import { useFrontend } from '../lib/frontend';
import { usePublish } from '../lib/publish';
import { toast } from '../lib/toast';
import { editorOf } from '../shell/places';
import { Confirm } from '../ui/confirm';
import { canDiscard, tell, type Change } from './diff';
import { discardChange, discardNew, Refused, revertScreen, type Undo } from './drafts';
import { ScreenChange, titleOfScreen, type ScreenDiff } from './screenchange';
import type { Tree } from './tree';

const tags: Record<string, readonly [string, string]> = { ADDED: ['new', 'accent'], CHANGED: ['edited', 'warning'], REMOVED: ['deleted', 'danger'] };

interface OneScreenProps {
  readonly diff: ScreenDiff;
  readonly json: boolean;
  /** Id of what is live; undefined when nothing is. */
  readonly release: string | undefined;
}

/** One screen's changes, and what can be done about them. */
export function OneScreen({ diff, json, release }: OneScreenProps): ReactNode {
  const { frontend } = useFrontend();
  const publish = usePublish();
  const mayPublish = useMayPublish();
  const mayEdit = useMayEdit();
  const [asking, ask] = useState(false);
  const { key, change: how } = diff;
  const title = titleOfScreen(diff);
  const [word, tone] = tags[how] ?? ['', 'plain'];

  const whole = (): void => {
    if (how === 'ADDED') void attempt(`${title} is discarded.`, () => discardNew(frontend.slug, frontend.id, key));
    else if (release) void attempt(how === 'REMOVED' ? `${title} is back.` : `${title} is as live again.`, () => revertScreen(frontend.slug, key, release, how === 'REMOVED'));
  };
  const one = (change: Change, live: Tree): void => void attempt(`Discarded: ${tell(change)}.`, () => discardChange(frontend.slug, key, change, live));

  return (
    <section className="card" aria-labelledby={`screen-${key}`}>
      <header className="changes-screen">
        <h2 id={`screen-${key}`} className="truncate" dir="auto">{title}</h2>
        <span className="tag" data-tone={tone}>{word}</span>
        <span className="row push">
          {how === 'REMOVED' && <Allowed may={mayEdit}><Button size="compact-sm" variant="default" onClick={whole}>Bring back</Button></Allowed>}
          <Allowed may={mayPublish}><Button size="compact-sm" variant="default" onClick={() => publish({ screens: [key] })} aria-label={`Publish only this: ${title}`}>Publish only this</Button></Allowed>
          {how !== 'REMOVED' && (
            <Menu>
              <Menu.Target><ActionIcon aria-label={`More for ${title}`}><Ellipsis size={17} aria-hidden="true" /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item component={Link} href={editorOf(frontend.slug, key)}>Open in the editor</Menu.Item>
                <Allowed may={mayEdit}><Menu.Item color="red" leftSection={<RotateCcw size={15} aria-hidden="true" />} onClick={() => ask(true)}>Discard all changes of this screen</Menu.Item></Allowed>
              </Menu.Dropdown>
            </Menu>
          )}
        </span>
      </header>
      <ScreenChange
        diff={diff} json={json}
        actions={(change, live) => (
          <>
            {change.key !== '' && change.kind !== 'removed' && <Link href={editorOf(frontend.slug, key, change.key)} className="changes-open" aria-label={`Open ${change.key} in the editor`}>Open</Link>}
            {canDiscard(change, live) && <Allowed may={mayEdit}><Button size="compact-xs" variant="subtle" color="gray" onClick={() => one(change, live)} aria-label={`Discard: ${tell(change)}`}>Discard</Button></Allowed>}
          </>
        )}
      />
      {asking && (
        <Confirm title={`Discard all changes of ${title}?`} label="Discard" danger run={whole} close={() => ask(false)}>
          {how === 'ADDED' ? 'The screen was never live: it is deleted.' : 'Its draft becomes what is live.'} You can undo this right afterwards.
        </Confirm>
      )}
    </section>
  );
}

/** Does something that can be undone, and says so. */
async function attempt(done: string, run: () => Promise<Undo>): Promise<void> {
  try {
    const undo = await run();
    toast({ message: done, tone: 'good', ...(undo ? { action: { label: 'Undo', run: () => void attempt('Everything is as it was before.', async () => { await undo(); return null; }) } } : {}) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast({ message: error.message, tone: 'bad' });
  }
}
