import { createContext, useContext } from 'react';
import type { Component, ComponentVersion, DraftBlock, Editor } from './types';

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error('a part of the editor was shown outside of it');
  return editor;
}

/** The contract that a publish would stamp the block with: the newest minor of its major. */
export const versionOf = (component: Component | undefined, block: Pick<DraftBlock, 'major'>): ComponentVersion | undefined =>
  component?.versions.find(({ major }) => major === block.major);
