import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Allowed } from '../../access/allowed';
import { and } from '../../lib/format';
import { useEditor, versionOf } from '../context';
import { titleOf } from '../label';
import type { DraftBlock } from '../types';
import { upgradeOf } from './upgrade';

/** What the selected block is, and which version of it. */
export function BlockHead({ block }: { readonly block: DraftBlock }): ReactNode {
  const { catalogue, may } = useEditor();
  const [asking, ask] = useState(false);
  const component = catalogue.get(block.component);
  const version = versionOf(component, block);
  const newest = component?.versions[0];
  return (
    <div className="block-head">
      <h3 dir="auto">{titleOf(catalogue, block.component)}</h3>
      <span className="row wrap">
        {version && <span className="tag" aria-label={`version ${version.version}`}>{version.version}</span>}
        <code className="faint truncate" dir="auto">{block.key}</code>
        {newest && newest.major > block.major && <Allowed may={may}><Button size="compact-sm" variant="light" className="push" onClick={() => ask(true)}>Upgrade to {newest.major}</Button></Allowed>}
      </span>
      {asking && <UpgradeDialog block={block} close={() => ask(false)} />}
    </div>
  );
}

function UpgradeDialog({ block, close }: { readonly block: DraftBlock; readonly close: () => void }): ReactNode {
  const { catalogue, run } = useEditor();
  const upgrade = upgradeOf(catalogue.get(block.component)?.versions ?? [], block.major, block.props);
  if (!upgrade) return null;
  const { to, props, dropped, misfits } = upgrade;
  const name = titleOf(catalogue, block.component);
  const go = (): void => {
    run([{ kind: 'UPGRADE', key: block.key, major: to.major, props }], `Upgrade ${name} to ${to.major}`);
    close();
  };
  return (
    <Modal opened onClose={close} title={`Upgrade ${name} to version ${to.major}?`}>
      <div className="stack">
        {dropped.length === 0 && misfits.length === 0 && <p>Everything that it holds fits the new version.</p>}
        {dropped.length > 0 && <p>The new version has no <b dir="auto">{and(dropped)}</b> any more. Undo brings it back.</p>}
        {misfits.length > 0 && (
          <div>
            <p>This has to be mended afterwards, before it can be published:</p>
            <ul className="upgrade-misfits">{misfits.map((misfit) => <li key={misfit} dir="auto">{misfit}</li>)}</ul>
          </div>
        )}
        <p className="faint">Builds of the frontend that know only version {block.major} show what stands in for it.</p>
        <div className="row"><Button variant="default" className="push" onClick={close}>Not now</Button><Button onClick={go} data-autofocus>Upgrade</Button></div>
      </div>
    </Modal>
  );
}
