import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { Plus, Redo2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Allowed } from '../../access/allowed';
import { statusWords } from '../../lib/status';
import { MOD } from '../../shell/keys';
import { useFrame } from '../actions';
import { useEditor } from '../context';
import { useOwn } from '../session/context';
import './header.css';
import { More } from './more';
import { Problems } from './problems';
import { Saved } from './saved';
import { Title } from './title';
import { Who } from './who';

/** Which screen this is, whether it is saved, who is here, and what can be done with it as a whole. */
export function Header(): ReactNode {
  const { screen, canUndo, canRedo, undo, redo, may } = useEditor();
  const { facts } = useOwn();
  const { insert } = useFrame();
  const { word, tone } = statusWords[facts.status];
  return (
    <header className="head">
      <h1 className="visually-hidden">{screen.title}</h1>
      <Title screen={screen.id} />
      <span className="tag" data-tone={tone}>{word}</span>
      <Saved />
      <div className="row push head-do">
        <Problems />
        <Who />
        <Tooltip label={`Undo (${MOD}Z)`}><ActionIcon aria-label="Undo" onClick={undo} disabled={!canUndo}><Undo2 size={17} aria-hidden="true" /></ActionIcon></Tooltip>
        <Tooltip label={`Redo (⇧${MOD}Z)`}><ActionIcon aria-label="Redo" onClick={redo} disabled={!canRedo}><Redo2 size={17} aria-hidden="true" /></ActionIcon></Tooltip>
        <Allowed may={may} label="Insert a block (/)"><Button size="compact-md" variant="default" leftSection={<Plus size={15} aria-hidden="true" />} onClick={() => insert()}>Insert</Button></Allowed>
        <More />
      </div>
    </header>
  );
}
