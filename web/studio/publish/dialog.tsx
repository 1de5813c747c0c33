import { Button, Checkbox, Input, Modal, TextInput } from '@mantine/core';
import { ChevronsUpDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Allowed, Denied } from '../access/allowed';
import { useMayPublish } from '../access/here';
import { useReturnFocus } from '../lib/focus';
import { plural } from '../lib/format';
import { PRODUCTION, useFrontend } from '../lib/frontend';
import type { PublishRequest } from '../lib/publish';
import { Waiting } from '../ui/waiting';
import { AffectedBuilds } from './affected';
import { Choice } from './choice';
import { movedWords } from './moved';
import { Problems } from './problems';
import './publish.css';
import { usePlan } from './useplan';
import { useSend } from './usesend';
import { momentOf, When } from './when';
import { MAX_TITLE, titleOf } from './words';

/** Makes drafts live: what changes, what stands against it, whom it touches, and one key to do it. */
export default function PublishDialog({ request, close }: { readonly request: PublishRequest; readonly close: () => void }): ReactNode {
  useReturnFocus();
  const { frontend, environment: looked } = useFrontend();
  const [environment, setEnvironment] = useState(looked.key);
  const may = useMayPublish(environment);
  const [typed, setTyped] = useState<string>();
  const [notes, setNotes] = useState('');
  const [when, setWhen] = useState<string>();
  const [acknowledged, acknowledge] = useState(false);
  const plan = usePlan(environment, request.screens);
  const taken = plan.changes.filter(({ kind, key }) => kind !== 'SCREEN' || plan.chosen.has(key));
  const title = typed ?? titleOf(taken);
  const send = useSend({ environment, close, again: plan.again });

  const errors = plan.problems.filter(({ severity }) => severity === 'ERROR');
  const warnings = plan.problems.filter(({ severity }) => severity === 'WARNING');
  // A build that shows less has its own place below.
  const said = plan.problems.filter(({ code }) => code !== 'BUILD_DEGRADED');
  const moved = plan.moved && !send.lost;
  const nothing = plan.screens.length === 0 && plan.ready && !plan.moved && !send.lost;
  const possible = plan.ready && plan.canPublish && !plan.moved && title.trim() !== '' && (when === undefined || momentOf(when) !== undefined) && (warnings.length === 0 || acknowledged);
  const at = when === undefined ? undefined : momentOf(when);

  const submit = (): void => {
    if (send.sending || !may.allowed) return;
    if (send.lost) void send.run(send.lost);
    else if (possible) void send.run({ title: title.trim(), notes: notes.trim(), screens: plan.asked, expectedLiveHash: plan.seen ?? null, acknowledgeWarnings: warnings.length > 0, at });
  };

  return (
    <Modal opened onClose={close} title="Publish" size="lg">
      <form className="publish" noValidate onSubmit={(event) => { event.preventDefault(); submit(); }} onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(); }}>
        {nothing ? <p className="muted">Everything is live{environment !== PRODUCTION && ` in ${environment}`}. What you edit from now on waits here until it is published.</p> : (
          <TextInput label="Title" description="What people read in the list of releases" value={title} onChange={(event) => setTyped(event.currentTarget.value)} maxLength={MAX_TITLE} required withAsterisk={false} dir="auto" data-autofocus />
        )}
        {frontend.environments.length > 1 && (
          <Input.Wrapper label="Environment" id="publish-environment">
            <Input component="select" id="publish-environment" pointer rightSection={<ChevronsUpDown size={14} aria-hidden="true" />} value={environment} onChange={(event) => { setEnvironment(event.currentTarget.value); acknowledge(false); }}>
              {frontend.environments.map(({ key, live }) => <option key={key} value={key}>{key} · {live ? `release ${live.number} is live` : 'nothing is live yet'}</option>)}
            </Input>
          </Input.Wrapper>
        )}
        {plan.away && !send.lost ? <p role="alert" className="problem">The server does not answer. What is written here stays; this goes on by itself once the server is back.</p> : !plan.known ? !send.lost && <Waiting rows={2} height={72} /> : !nothing && (
          <>
            {moved && (
              <div role="alert" className="publish-moved">
                <p><b>{movedWords(plan.live?.number)}</b>{plan.live?.author && <> (<bdi>{plan.live.author.name}</bdi>)</>}: <span dir="auto">{plan.live ? `“${plan.live.title}”` : 'nothing is live now'}</span>. Below is what you would change on top of it. Screens that you leave out stay as they are there.</p>
                <Button size="compact-sm" variant="default" onClick={plan.accept}>{plan.live ? `Go on from release ${plan.live.number}` : 'Go on'}</Button>
              </div>
            )}
            <Problems problems={said} leave={close} />
            {plan.screens.length > 0 && <Choice changes={plan.screens} chosen={plan.chosen} choose={plan.choose} />}
            <AffectedBuilds builds={plan.affected} />
          </>
        )}
        {!nothing && (
          <>
            <Input.Wrapper label="Notes" id="publish-notes">
              <Input component="textarea" id="publish-notes" multiline className="publish-area" classNames={{ input: 'publish-notes' }} rows={2} maxLength={10_000} dir="auto" placeholder="Why, for whom, what to look at" value={notes} onChange={(event) => setNotes(event.currentTarget.value)} />
            </Input.Wrapper>
            <When value={when} onChange={setWhen} />
            {warnings.length > 0 && errors.length === 0 && <Checkbox label={warnings.length === 1 ? 'I have read the warning and publish anyway' : `I have read the ${warnings.length} warnings and publish anyway`} checked={acknowledged} onChange={(event) => acknowledge(event.currentTarget.checked)} />}
          </>
        )}
        {!nothing && <Denied may={may} />}
        {send.problem && <p role="alert" className="problem">{send.problem}</p>}
        <div className="publish-foot">
          {errors.length > 0 && <p className="grow publish-wrong" role="status">Mend {plural(errors.length, 'error')} first: each leads to its block.</p>}
          {errors.length === 0 && plan.ready && !nothing && <p className="grow muted" role="status">{plural(taken.reduce((sum, { summary }) => sum + Math.max(1, summary.length), 0), 'change')} · {warnings.length > 0 ? plural(warnings.length, 'warning') : 'no problems'}</p>}
          <span className="row push">
            <Button variant="default" onClick={close} {...(nothing ? { 'data-autofocus': true } : {})}>{nothing ? 'Close' : 'Not now'}</Button>
            {!nothing && <Allowed may={may}><Button type="submit" loading={send.sending} disabled={!possible && !send.lost}>{send.lost ? 'Try again' : at ? 'Schedule' : environment === PRODUCTION ? 'Publish' : `Publish to ${environment}`}</Button></Allowed>}
          </span>
        </div>
      </form>
    </Modal>
  );
}
