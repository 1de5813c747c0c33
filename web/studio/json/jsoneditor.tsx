// The JSON editor: a chunk of its own, loaded when somebody needs it. Tab moves on as everywhere, so nobody is caught in
// it; Escape leaves it, too. What is wrong is underlined, and said below in words and lines, for hovering is not for all.
import { json } from '@codemirror/lang-json';
import { syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { EditorState, StateEffect, StateField, type Range } from '@codemirror/state';
import { Decoration, EditorView, keymap, type DecorationSet } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { minimalSetup } from 'codemirror';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { Json } from '../lib/json';
import './jsoneditor.css';
import { rangeOf } from './range';

export interface Complaint {
  /** JSON Pointer into what is edited. */
  readonly at: string;
  readonly text: string;
}

interface JsonEditorProps {
  readonly value: Json | undefined;
  /** Shown instead of the value: a text that was not taken yet. */
  readonly text?: string | undefined;
  readonly label: string;
  readonly describedBy?: string | undefined;
  /** Without it the text is only looked at. */
  readonly change?: (text: string) => void;
  readonly complaints?: readonly Complaint[];
}

interface Finding {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly text: string;
}

const MOST = 20;
const NONE: readonly Complaint[] = [];

const print = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

const mark = Decoration.mark({ class: 'json-wrong' });
const show = StateEffect.define<readonly Finding[]>();
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (now, transaction) => transaction.effects.reduce((set, effect) => (effect.is(show) ? Decoration.set(effect.value.flatMap(({ from, to }): Range<Decoration>[] => (from < to ? [mark.range(from, to)] : [])), true) : set), now.map(transaction.changes)),
  provide: (field) => EditorView.decorations.from(field),
});

/** What is wrong with the text: that it is no JSON, else what is wrong with its values. */
function findingsOf(state: EditorState, complaints: readonly Complaint[]): readonly Finding[] {
  const text = state.doc.toString();
  if (text.trim() === '') return [];
  const finding = (from: number, to: number, what: string): Finding => ({ from, to, line: state.doc.lineAt(from).number, text: what });
  try {
    JSON.parse(text);
  } catch {
    let at = -1;
    syntaxTree(state).iterate({ enter: (node) => { if (node.type.isError && at < 0) at = node.from; } });
    const from = Math.min(at < 0 ? state.doc.length : at, state.doc.length);
    return [finding(Math.max(0, Math.min(from, state.doc.length - 1)), Math.min(from + 1, state.doc.length), 'The text stops being JSON here')];
  }
  return complaints.slice(0, MOST).map(({ at, text: what }) => {
    const { from, to } = rangeOf(state, at);
    return finding(from, to, what);
  });
}

const USERS = ['input', 'delete', 'move', 'undo', 'redo'];

export default function JsonEditor({ value, text, label, describedBy, change, complaints = NONE }: JsonEditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(change);
  const [findings, find] = useState<readonly Finding[]>([]);
  const [typed, type] = useState(0);
  const id = useId();
  const editable = change !== undefined;
  useEffect(() => {
    latest.current = change;
  });

  useEffect(() => {
    if (!host.current) return;
    const leave = (editor: EditorView): boolean => {
      editor.contentDOM.blur();
      host.current?.focus();
      return true;
    };
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text ?? print(value),
        extensions: [
          minimalSetup, json(), syntaxHighlighting(classHighlighter), EditorView.lineWrapping, marks,
          keymap.of([{ key: 'Escape', run: leave }]), EditorState.tabSize.of(2), EditorState.readOnly.of(!editable),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': [describedBy, `${id}k`, `${id}f`].filter(Boolean).join(' ') }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            type((count) => count + 1);
            if (update.transactions.some((transaction) => USERS.some((user) => transaction.isUserEvent(user)))) latest.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // One editor for as long as its place is shown: what changes meanwhile comes in below.
  }, [id, label, describedBy, editable]);

  // What others do is shown unless somebody is in the text, or it is a text that was not taken.
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.hasFocus || text !== undefined) return;
    const next = print(value);
    if (next !== editor.state.doc.toString()) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: next } });
  }, [value, text]);

  useEffect(() => {
    const timer = setTimeout(() => {
      const editor = view.current;
      if (!editor) return;
      const found = findingsOf(editor.state, complaints);
      find(found);
      editor.dispatch({ effects: show.of(found) });
    }, 200);
    return () => clearTimeout(timer);
  }, [typed, complaints]);

  const go = ({ from }: Finding): void => {
    view.current?.dispatch({ selection: { anchor: Math.min(from, view.current.state.doc.length) }, scrollIntoView: true });
    view.current?.focus();
  };
  return (
    <>
      <div className="json-editor" ref={host} tabIndex={-1} data-wrong={findings.length > 0 || undefined} />
      <span id={`${id}k`} className="visually-hidden">JSON. Tab moves on, Escape leaves the text.</span>
      <ul id={`${id}f`} className="json-findings">
        {findings.map((finding, i) => <li key={i}><button type="button" onClick={() => go(finding)}>Line {finding.line}</button> <span dir="auto">{finding.text}</span></li>)}
      </ul>
    </>
  );
}
