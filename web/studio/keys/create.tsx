import { Button, Modal, TextInput } from '@mantine/core';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { useViewer } from '../access/viewer';
import { useReturnFocus } from '../lib/focus';
import { useFrontend } from '../lib/frontend';
import { CREATE } from './documents';
import { endsAt, Expiry, NEVER, type Ending } from './expiry';
import { limitedTo, type Hold } from './give';
import type { Handed } from './handed';
import { Purposes } from './purposes';
import { NOTHING_SAID, saidOf } from './refusals';
import { ScopeFields } from './scopefields';
import { namesServices, purposes, shortest, type PurposeWords } from './scopes';
import { Where } from './where';

interface CreateProps {
  readonly close: () => void;
  readonly made: (handed: Handed) => void;
}

const BROWSER: Pick<PurposeWords, 'scopes' | 'publishable'> = { scopes: ['delivery:read'], publishable: true };
const FIELDS = ['name', 'frontend', 'scopes', 'environments', 'services', 'publishable', 'expiresAt', 'requestsPerMinute'];

/** Names in a field, separated by commas or blanks. */
const namesOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter(Boolean);

/** Asks what the key is for, what it may do and where; then the server makes it. */
export function Create({ close, made }: CreateProps): ReactNode {
  useReturnFocus();
  const { frontend } = useFrontend();
  const viewer = useViewer();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>(purposes[0]?.scopes ?? []);
  const [publishable, publish] = useState(false);
  const [place, setPlace] = useState({ frontend: frontend.id, environments: limitedTo(viewer, frontend.id) ?? [] });
  const [services, setServices] = useState('');
  const [ending, setEnding] = useState<Ending>(NEVER);
  const [budget, setBudget] = useState('');
  const [said, say] = useState(NOTHING_SAID);
  const [{ fetching }, create] = useMutation(CREATE);
  const form = useRef<HTMLFormElement>(null);
  const wantsServices = scopes.some(namesServices);
  const at: Hold = { ...place, services: wantsServices ? namesOf(services) : [] };

  const take = ({ scopes: next, publishable: open }: Pick<PurposeWords, 'scopes' | 'publishable'>): void => {
    setScopes(next);
    publish(open);
    if (open && place.frontend === '') setPlace({ frontend: frontend.id, environments: limitedTo(viewer, frontend.id) ?? [] });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const expires = endsAt(ending);
    const { data, error } = await create({
      input: {
        name: name.trim(), scopes: [...shortest(scopes)], publishable,
        ...(place.frontend ? { frontend: place.frontend } : {}),
        ...(place.environments.length > 0 ? { environments: [...place.environments] } : {}),
        ...(at.services.length > 0 ? { services: [...at.services] } : {}),
        ...(expires ? { expiresAt: expires.toISOString() } : {}),
        ...(budget === '' ? {} : { requestsPerMinute: Number(budget) }),
      },
    });
    const payload = data?.apiKeyCreate;
    say(saidOf(error, payload?.userErrors, FIELDS));
    if (payload?.apiKey && payload.secret) made({ key: payload.apiKey, secret: payload.secret });
    // What is wrong may be far above the button.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong]')?.focus());
  };

  return (
    <Modal opened onClose={close} title="New API key" size="46rem" className="key-dialog">
      <form ref={form} className="stack key-form" onSubmit={(event) => void submit(event)}>
        <TextInput label="Name" description="What will use it, so that you know it again" placeholder="Warehouse import" value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={200} dir="auto" autoComplete="off" error={said.at('name')} data-autofocus />
        <Purposes scopes={scopes} publishable={publishable} at={at} take={take} />
        <Where value={place} set={setPlace} publishable={publishable} said={{ frontend: said.at('frontend'), environments: said.at('environments') }} />
        <ScopeFields scopes={scopes} set={setScopes} publishable={publishable} publish={(on) => (on ? take(BROWSER) : publish(false))} at={at} said={said.at('scopes') ?? said.at('publishable')} />
        {wantsServices && (
          <TextInput label="Services" description="Names of the services that it may register, separated by commas" placeholder="prices, stock" value={services} onChange={(event) => setServices(event.currentTarget.value)} required spellCheck={false} autoComplete="off" error={said.at('services')} />
        )}
        <div className="key-limits">
          <Expiry label="Ends" never value={ending} set={setEnding} said={said.at('expiresAt')} />
          <TextInput label="Requests a minute" description="Its own budget" placeholder="as many as the server gives to each" value={budget} onChange={(event) => setBudget(event.currentTarget.value.replace(/\D/g, ''))} inputMode="numeric" maxLength={7} autoComplete="off" error={said.at('requestsPerMinute')} />
        </div>
        <div role="alert">{said.else && <p className="problem">{said.else}</p>}</div>
        <div className="row key-foot">
          <span className="muted grow">The secret is shown once, next.</span>
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit" loading={fetching} disabled={scopes.length === 0}>Make the key</Button>
        </div>
      </form>
    </Modal>
  );
}
