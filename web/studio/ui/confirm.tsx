import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useReturnFocus } from '../lib/focus';

interface ConfirmProps {
  readonly title: string;
  /** What happens, and whether it can be taken back. */
  readonly children: ReactNode;
  /** What the button does, as a verb. */
  readonly label: string;
  readonly danger?: boolean;
  readonly run: () => void;
  readonly close: () => void;
}

/** Asks before something that changes much. */
export function Confirm({ title, children, label, danger, run, close }: ConfirmProps): ReactNode {
  useReturnFocus();
  return (
    <Modal opened onClose={close} title={title}>
      <div className="stack">
        <p>{children}</p>
        <div className="row">
          <Button variant="default" className="push" onClick={close}>Keep it</Button>
          <Button {...(danger ? { className: 'danger' } : {})} data-autofocus onClick={() => { close(); run(); }}>{label}</Button>
        </div>
      </div>
    </Modal>
  );
}
