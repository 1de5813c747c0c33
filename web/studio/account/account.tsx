import { Menu } from '@mantine/core';
import { KeyRound, Laptop, LogOut, MonitorX } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import { grantWords } from '../access/roles';
import { useViewer } from '../access/viewer';
import { failed } from '../lib/failed';
import { saveAll } from '../lib/publish';
import { Confirm } from '../ui/confirm';
import './account.css';
import { END_SESSIONS, SIGN_OUT } from './documents';

const ChangePassword = lazy(() => import('./password'));

/** The first letters of the first and the last word of a name. */
const initials = (name: string): string => {
  const all = name.split(/\s+/).filter(Boolean);
  return [all[0], all.length > 1 ? all.at(-1) : undefined].map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
};

/** Who one is here, as what, and the way out. */
export function Account(): ReactNode {
  const client = useClient();
  const viewer = useViewer();
  const [asking, ask] = useState<'password' | 'everywhere'>();
  if (!viewer) return null;
  const { member, credential, grants } = viewer;
  // A page that belonged to somebody is left for good: nothing of it stays in memory.
  const leave = (): void => location.assign('/studio');
  const signOut = async (): Promise<void> => {
    await saveAll();
    const { data, error } = await client.mutation(SIGN_OUT, {}).toPromise();
    if (!failed(error, data?.sessionEnd?.userErrors)) leave();
  };
  const signOutEverywhere = async (): Promise<void> => {
    await saveAll();
    const { data, error } = await client.mutation(END_SESSIONS, { input: { id: member?.id ?? '' } }).toPromise();
    if (!failed(error, data?.memberSessionsEnd?.userErrors)) leave();
  };
  return (
    <>
      <Menu width="18rem">
        <Menu.Target>
          <button type="button" className="account">
            <span className="visually-hidden">Account: {viewer.actor.name}</span>
            {member ? <span aria-hidden="true">{initials(member.name)}</span> : <Laptop size={16} aria-hidden="true" />}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <div className="account-who" role="presentation">
            <b className="truncate" dir="auto">{member?.name ?? 'Developer of this machine'}</b>
            {member && <span className="muted truncate">{member.email}</span>}
            {member && <ul>{grants.map((grant, i) => <li key={i} className="faint">{grantWords(grant)}</li>)}</ul>}
            {credential === 'DEVELOPER' && <p className="muted">A development server signs in whoever is on its machine. In production people sign in: start it with <code>--mode=production</code> and open the set-up link on its console.</p>}
          </div>
          {credential === 'SESSION' && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<KeyRound size={15} aria-hidden="true" />} onClick={() => ask('password')}>Change password</Menu.Item>
              <Menu.Item leftSection={<LogOut size={15} aria-hidden="true" />} onClick={() => void signOut()}>Sign out</Menu.Item>
              <Menu.Item leftSection={<MonitorX size={15} aria-hidden="true" />} onClick={() => ask('everywhere')}>Sign out everywhere</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking === 'password' && <Suspense><ChangePassword close={() => ask(undefined)} /></Suspense>}
      {asking === 'everywhere' && (
        <Confirm title="Sign out everywhere" label="Sign out everywhere" close={() => ask(undefined)} run={() => void signOutEverywhere()}>
          All your sessions end, this one and those in other browsers. What is open there follows within seconds.
        </Confirm>
      )}
    </>
  );
}
