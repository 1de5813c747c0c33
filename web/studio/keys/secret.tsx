import { Button, Modal, SegmentedControl } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { failedToCopy } from '../lib/copy';
import { useReturnFocus } from '../lib/focus';
import { and, exactly } from '../lib/format';
import { PRODUCTION, useFrontend } from '../lib/frontend';
import { Code } from '../ui/code';
import { Waiting } from '../ui/waiting';
import { TARGET } from './documents';
import { hold, type Handed } from './handed';
import { firsts, type First, type Target } from './snippets';

interface SecretProps {
  readonly handed: Handed;
  readonly close: () => void;
}

/** The secret of a new key: shown this once, with what to do with it first. */
export function SecretDialog({ handed, close }: SecretProps): ReactNode {
  useReturnFocus();
  const { key, secret, before } = handed;
  const [taken, take] = useState(false);
  const [leaving, leave] = useState(false);
  const stay = useRef<HTMLButtonElement>(null);
  const copied = (): void => {
    take(true);
    leave(false);
    // It is not brought back to who has it.
    hold(undefined);
  };
  useEffect(() => {
    if (taken) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [taken]);
  useEffect(() => {
    if (leaving) stay.current?.focus();
  }, [leaving]);
  const done = (): void => (taken ? close() : leave(true));
  return (
    <Modal opened onClose={done} title={before ? <>The new secret of <bdi>{key.name}</bdi></> : <>The key <bdi>{key.name}</bdi></>} size="42rem" className="key-dialog" closeOnClickOutside={false}>
      <div className="stack" onCopy={copied}>
        <p>{key.publishable ? 'It may stand in your pages, where everybody can see it.' : 'Whoever has it can do what it may: put it where your program keeps its secrets.'} <b>It is shown only now</b>, and cannot be brought back.</p>
        <Secret text={secret} copied={copied} />
        {before && <p className="muted">{before.endsAt > Date.now() ? <>The old one, <code className="key-prefix">{before.prefix}…</code>, works until {exactly(before.endsAt)}.</> : <>The old one, <code className="key-prefix">{before.prefix}…</code>, has ended.</>}</p>}
        <Try handed={handed} copied={copied} />
        <div className="row wrap key-leave">
          {leaving && <p className="grow" role="alert"><b>It is not copied.</b> When you leave now, nobody ever sees it again: you would have to rotate the key.</p>}
          {leaving ? (
            <div className="row push">
              <Button ref={stay} variant="default" onClick={() => leave(false)}>Stay</Button>
              <Button className="danger" onClick={close}>Leave without it</Button>
            </div>
          ) : <Button className="push" variant={taken ? 'filled' : 'default'} onClick={done}>Done</Button>}
        </div>
      </div>
    </Modal>
  );
}

function Secret({ text, copied }: { readonly text: string; readonly copied: () => void }): ReactNode {
  const [said, say] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say(true);
      copied();
    } catch {
      failedToCopy();
    }
  };
  return (
    <div className="key-secret">
      <code data-testid="secret">{text}</code>
      <Button leftSection={said ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />} onClick={() => void copy()} data-autofocus>{said ? 'Copied' : 'Copy the key'}</Button>
      <span className="visually-hidden" role="status">{said ? 'The key is copied' : ''}</span>
    </div>
  );
}

const about: Record<First['id'], string> = {
  curl: 'Run it in a shell: it asks this server with the key.',
  ci: 'A step for CI: keep the key in its secrets, as SONATA_API_KEY.',
  browser: 'In a page, or pasted into its console.',
};

const asks = (text: string): boolean => text.includes('screen(at:');

/** A first request that works as it stands. */
function Try({ handed: { key, secret }, copied }: { readonly handed: Handed; readonly copied: () => void }): ReactNode {
  const { frontend, environment } = useFrontend();
  const own = !key.frontend || key.frontend.id === frontend.id;
  const slug = own ? frontend.slug : (key.frontend?.slug ?? frontend.slug);
  const may = (name: string): boolean => key.environments.length === 0 || key.environments.includes(name);
  const chosen = own && may(environment.key) ? environment.key : may(PRODUCTION) ? PRODUCTION : (key.environments[0] ?? PRODUCTION);
  const [{ data, fetching }] = useQuery({ query: TARGET, variables: { slug, environment: chosen } });
  const [id, choose] = useState<string>();
  if (fetching && !data) return <Waiting rows={1} height={140} />;
  const paths = data?.frontend?.routes.map(({ path }) => path) ?? [];
  const path = paths.includes('/') ? '/' : (paths.find((entry) => !entry.includes(':')) ?? '/');
  const target: Target = { server: location.origin, frontend: slug, environment: chosen, path };
  const all = firsts({ secret, scopes: key.scopes, publishable: key.publishable }, target);
  const shown = all.find((entry) => entry.id === id) ?? all[0];
  if (!shown) return null;
  const origins = data?.frontend?.origins ?? [];
  return (
    <section className="stack key-try" aria-labelledby="key-try">
      <div className="row wrap">
        <h3 id="key-try">Try it</h3>
        {all.length > 1 && <SegmentedControl className="push" size="xs" aria-label="Written for" value={shown.id} onChange={choose} data={all.map(({ id: value, name }) => ({ value, label: name }))} />}
      </div>
      <p className="muted">{about[shown.id]}{shown.id === 'browser' && (origins.length > 0 ? ` Pages of ${and(origins)} may use it.` : ` Only pages of the origins of ${slug} may use it, and it has none yet: add one in its settings.`)}{paths.length === 0 && asks(shown.text) && ` Nothing is live in ${chosen} yet: until then the answer is empty.`}</p>
      <Code label={`Snippet for ${shown.name}`} text={shown.text} copied={copied} />
    </section>
  );
}
