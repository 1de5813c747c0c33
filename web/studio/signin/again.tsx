import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStanding } from '../access/viewer';
import { SignInForm } from './signin';
import './signin.css';

/** Over the page of somebody whose session has ended: what is open and what is typed stays below it. */
export default function Again(): ReactNode {
  const { viewer } = useStanding();
  const member = viewer?.member;
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title="Your session has ended" zIndex={350}>
      <div className="stack">
        {member ? (
          <>
            <p>Sign in again, and go on where you were. What you typed is kept.</p>
            <SignInForm only={member.email} />
          </>
        ) : (
          <p>This server no longer signs in whoever is on its machine: it was reached from elsewhere, or has its first member now. Its console says how to go on. What you typed is kept in this browser.</p>
        )}
        <p className="faint">{member ? `You are not ${member.name}? ` : ''}<a href="/studio">{member ? 'Sign in as somebody else' : 'Sign in as a member'}</a>{member ? ': what is not saved is kept in this browser for the next time.' : '.'}</p>
      </div>
    </Modal>
  );
}
