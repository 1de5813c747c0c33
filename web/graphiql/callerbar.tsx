import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type Caller, hasKey, headersOf, keepKey, ownKeyIn, parsed, whoAsks } from './caller';

const PAUSE = 400; // ms, while somebody types headers

/** Says as whom GraphiQL asks, and takes an API key to ask with. */
export function CallerBar() {
  const ofTab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.headers);
  const { introspect } = useGraphiQLActions();
  const [caller, setCaller] = useState<Caller>();
  const [turn, setTurn] = useState(0); // another key, or a look at another window where somebody may have signed in or out
  const shown = useRef<string>(undefined);
  const headers = useRef(ofTab);

  useEffect(() => {
    const again = () => setTurn((n) => n + 1);
    addEventListener('focus', again);
    return () => removeEventListener('focus', again);
  }, []);

  useEffect(() => {
    const over = new AbortController();
    const typing = headers.current !== ofTab;
    headers.current = ofTab;
    const later = setTimeout(async () => {
      const found = await whoAsks(headersOf(parsed(ofTab)), over.signal);
      if (over.signal.aborted) return;
      setCaller(found);
      // What may be seen of the schema depends on who looks. GraphiQL has read it once by itself.
      const now = JSON.stringify(found);
      if (shown.current !== undefined && shown.current !== now) void introspect();
      shown.current = now;
    }, typing ? PAUSE : 0);
    return () => {
      clearTimeout(later);
      over.abort();
    };
  }, [ofTab, turn, introspect]);

  const changeKey = (secret: string) => {
    keepKey(secret);
    setTurn((n) => n + 1);
  };
  return (
    <>
      <button type="button" className="caller" popoverTarget="caller" data-credential={caller?.credential} aria-label={`Asking as ${nameOf(caller)}`}>
        <span aria-hidden="true" className="caller-sign" />
        <span className="caller-name">as {nameOf(caller)}</span>
      </button>
      <div id="caller" popover="auto" role="dialog" aria-label="Who asks">
        <Who caller={caller} />
        {ownKeyIn(parsed(ofTab)) ? <p>This tab sends an <code>Authorization</code> of its own in its headers.</p> : <KeyForm onKey={changeKey} />}
      </div>
    </>
  );
}

function nameOf(caller: Caller | undefined): string {
  if (!caller) return '…';
  switch (caller.credential) {
    case 'NONE':
      return 'nobody';
    case 'INVALID':
      return 'a key that does not work';
    default:
      return caller.name;
  }
}

const KINDS: Record<Caller['credential'], string> = {
  NONE: 'No one is signed in, and no key is sent: what is public is answered.',
  DEVELOPER: 'You are on the machine of a development server: everything is allowed.',
  SESSION: 'You are signed in to the studio. What you change here is recorded under your name.',
  API_KEY: 'An API key is sent, and no session: only what the key may do is answered.',
  INVALID: 'The key is mistyped, has ended or was revoked: nothing is answered.',
};

function Who({ caller }: { caller: Caller | undefined }) {
  if (!caller) return <p>The server does not say who asks. Is it running?</p>;
  return (
    <>
      <h2>Asking as {nameOf(caller)}</h2>
      <p>{KINDS[caller.credential]} {caller.credential === 'NONE' && <a href="/studio">Sign in</a>}</p>
      {caller.credential !== 'DEVELOPER' && caller.grants.length > 0 && (
        <ul>
          {caller.grants.map((grant) => (
            <li key={JSON.stringify(grant)}>
              {grant.scopes.map((scope) => <code key={scope}>{scope}</code>)}
              <span>{grant.frontendSlug ? `in ${grant.frontendSlug}` : 'everywhere'}{grant.environments.length > 0 && `, ${grant.environments.join(' and ')} only`}</span>
            </li>
          ))}
        </ul>
      )}
      {caller.credential !== 'INVALID' && !caller.scopes.includes('graph:explore') && (
        <p className="caller-missing">The scope <code>graph:explore</code> is missing: the schema and its documentation are shown only as far as they are public.</p>
      )}
    </>
  );
}

function KeyForm({ onKey }: { onKey: (secret: string) => void }) {
  const [secret, setSecret] = useState('');
  const change = (event: FormEvent) => {
    event.preventDefault();
    onKey(secret);
    setSecret('');
  };
  return (
    <form onSubmit={change}>
      <label htmlFor="caller-key">Ask with an API key</label>
      <input id="caller-key" type="password" autoComplete="off" spellCheck={false} placeholder="sonata_sk_…" required value={secret} onChange={(event) => setSecret(event.target.value)} aria-describedby="caller-kept" />
      <p id="caller-kept">This page alone keeps it, until it is closed or loaded again.</p>
      <div>
        <button type="submit">Use the key</button>
        {hasKey() && <button type="button" onClick={() => onKey('')}>Ask without it</button>}
      </div>
    </form>
  );
}
