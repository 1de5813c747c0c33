import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis, KeyRound, MonitorX, Pencil, UserMinus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Allowed } from '../access/allowed';
import type { May } from '../access/may';
import { grantWords } from '../access/roles';
import { Ago } from '../ui/ago';
import type { Member } from './documents';

export type Deed = 'change' | 'link' | 'end' | 'remove';

interface RowProps {
  readonly member: Member;
  readonly self: boolean;
  readonly may: May;
  readonly run: (deed: Deed) => void;
}

/** One member: who, as what, since when, and what can be done about it. */
export function Row({ member, self, may, run }: RowProps): ReactNode {
  const invited = member.state === 'INVITED';
  return (
    <li className="member">
      <div className="member-who">
        <span className="row"><b className="truncate" dir="auto">{member.name}</b>{self && <span className="tag" data-tone="accent">you</span>}{invited && <span className="tag" data-tone="warning">invited</span>}</span>
        <span className="muted truncate">{member.email}</span>
      </div>
      <ul className="member-grants" aria-label="May be">
        {member.grants.map((grant, i) => <li key={i}>{grantWords(grant)}</li>)}
        {member.grants.length === 0 && <li className="faint">of frontends that you do not look after</li>}
      </ul>
      <span className="faint member-seen">{member.lastSignedInAt ? <>signed in <Ago at={member.lastSignedInAt} /></> : invited ? <>invited <Ago at={member.createdAt} /></> : 'has not signed in'}</span>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`More about ${member.name}`}><Ellipsis size={17} aria-hidden="true" /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Allowed may={may}><Menu.Item leftSection={<Pencil size={15} aria-hidden="true" />} onClick={() => run('change')}>Change…</Menu.Item></Allowed>
          <Allowed may={may}><Menu.Item leftSection={<KeyRound size={15} aria-hidden="true" />} onClick={() => run('link')}>{invited ? 'New invitation link' : 'Link for a new password…'}</Menu.Item></Allowed>
          {!invited && <Allowed may={self ? { allowed: true, why: '' } : may}><Menu.Item leftSection={<MonitorX size={15} aria-hidden="true" />} onClick={() => run('end')}>End all sessions…</Menu.Item></Allowed>}
          <Menu.Divider />
          <Allowed may={may}><Menu.Item color="red" leftSection={<UserMinus size={15} aria-hidden="true" />} onClick={() => run('remove')}>Remove…</Menu.Item></Allowed>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
