import { Kbd, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { shortcuts } from './keys';

/** Everything the keyboard does. */
export default function Shortcuts({ close }: { readonly close: () => void }): ReactNode {
  return (
    <Modal opened onClose={close} title="Keyboard" size="md">
      <div className="stack">
        {shortcuts.map(({ where, list }) => (
          <section key={where} aria-label={where}>
            <h3 className="faint" style={{ fontSize: '.75rem', fontWeight: 600, marginBottom: '.25rem' }}>{where}</h3>
            <ul className="lines">
              {list.map(({ keys, does }) => <li key={does} className="row" style={{ minHeight: '2.25rem' }}><span className="grow">{does}</span><Kbd>{keys}</Kbd></li>)}
            </ul>
          </section>
        ))}
      </div>
    </Modal>
  );
}
