import { Button, Modal } from '@mantine/core';
import { UserPlus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import { Allowed } from '../access/allowed';
import { useMayAnywhere } from '../access/may';
import { useViewer } from '../access/viewer';
import { END_SESSIONS } from '../account/documents';
import { failed } from '../lib/failed';
import { plural } from '../lib/format';
import { useFresh } from '../lib/fresh';
import { toast } from '../lib/toast';
import { Away } from '../ui/away';
import { Confirm } from '../ui/confirm';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { Change } from './change';
import { MEMBERS, NEW_LINK, REMOVE, type Member } from './documents';
import { Invite } from './invite';
import { Link, type Handed } from './link';
import './members.css';
import { Row, type Deed } from './row';

type Dialog = { readonly deed: 'invite' } | { readonly deed: Deed; readonly member: Member } | { readonly deed: 'handed'; readonly handed: Handed };

const NOTHING: readonly never[] = [];

/** Who may sign in, and what each may do. */
export default function Members(): ReactNode {
  const client = useClient();
  const viewer = useViewer();
  const mayRead = useMayAnywhere('members:read');
  const mayWrite = useMayAnywhere('members:write');
  const [after, setAfter] = useState<string>();
  const [{ data, error }, again] = useFresh({ query: MEMBERS, variables: { after: after ?? null }, on: NOTHING, pause: !mayRead.allowed });
  const [dialog, open] = useState<Dialog>();
  const close = (): void => open(undefined);
  const read = (): void => again({ requestPolicy: 'network-only' });

  if (!mayRead.allowed) return <Page title="Members"><Empty title="You cannot see the members">{mayRead.why}</Empty></Page>;
  const members = data?.members;
  if (!members) return <Page title="Members">{error ? <Away /> : <Waiting rows={4} height={64} />}</Page>;

  const link = async (member: Member): Promise<void> => {
    const { data, error } = await client.mutation(NEW_LINK, { input: { id: member.id } }).toPromise();
    const payload = data?.memberLinkCreate;
    if (failed(error, payload?.userErrors) || !payload?.link || !payload.expiresAt) return;
    open({ deed: 'handed', handed: { link: payload.link, expiresAt: payload.expiresAt, name: member.name, invited: member.state === 'INVITED' } });
    read();
  };
  const end = async (member: Member): Promise<void> => {
    const { data, error } = await client.mutation(END_SESSIONS, { input: { id: member.id } }).toPromise();
    if (!failed(error, data?.memberSessionsEnd?.userErrors)) toast({ message: `All sessions of ${member.name} have ended.`, tone: 'good' });
  };
  const remove = async (member: Member): Promise<void> => {
    const { data, error } = await client.mutation(REMOVE, { input: { id: member.id } }).toPromise();
    if (!failed(error, data?.memberRemove?.userErrors)) toast({ message: `${member.name} is removed.`, tone: 'good' });
    read();
  };

  const invite = <Allowed may={mayWrite}><Button leftSection={<UserPlus size={16} aria-hidden="true" />} onClick={() => open({ deed: 'invite' })}>Invite</Button></Allowed>;
  const { endCursor, hasNextPage } = members.pageInfo;
  return (
    <Page title="Members" lead={`${plural(members.totalCount, 'person', 'people')} who may sign in. No mail is sent: you hand links over yourself.`} actions={invite}>
      {members.edges.length === 0 && after === undefined ? (
        <Empty title="No member yet" actions={invite}>Whoever is on this machine is signed in as its developer. Invite somebody, and this server asks everybody to sign in: make yourself an admin first.</Empty>
      ) : (
        <ul className="card lines members" aria-label="Members">
          {members.edges.map(({ node }) => <Row key={node.id} member={node} self={node.id === viewer?.member?.id} may={mayWrite} run={(deed) => (deed === 'link' && node.state === 'INVITED' ? void link(node) : open({ deed, member: node }))} />)}
        </ul>
      )}
      {(hasNextPage || after !== undefined) && (
        <div className="row members-pages">
          {after !== undefined && <Button variant="default" onClick={() => setAfter(undefined)}>To the first</Button>}
          {hasNextPage && endCursor && <Button variant="default" className="push" onClick={() => setAfter(endCursor)}>More</Button>}
        </div>
      )}
      {dialog?.deed === 'invite' && <Invite close={close} done={read} />}
      {dialog?.deed === 'change' && <Change member={dialog.member} self={dialog.member.id === viewer?.member?.id} close={close} done={read} />}
      {dialog?.deed === 'handed' && <Modal opened onClose={close} title={dialog.handed.invited ? 'The invitation' : 'A new password'} closeOnClickOutside={false}><Link handed={dialog.handed} close={close} /></Modal>}
      {dialog?.deed === 'link' && (
        <Confirm title="Link for a new password" label="Make the link" close={close} run={() => void link(dialog.member)}>
          Whoever has the link can sign in as {dialog.member.name}. Links made before end now; sessions end when it is used.
        </Confirm>
      )}
      {dialog?.deed === 'end' && (
        <Confirm title="End all sessions" label="End them" close={close} run={() => void end(dialog.member)}>
          {dialog.member.name} is signed out everywhere within seconds, and can sign in again. What is typed there and not saved stays in that browser.
        </Confirm>
      )}
      {dialog?.deed === 'remove' && (
        <Confirm title={`Remove ${dialog.member.name}`} label="Remove" danger close={close} run={() => void remove(dialog.member)}>
          {dialog.member.name} is signed out everywhere and cannot come back without a new invitation. What they did stays in the records under their name.
        </Confirm>
      )}
    </Page>
  );
}
