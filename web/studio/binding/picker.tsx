// Binds a prop to data in three steps: which document, what is given to it, and what is taken out of its answer.
import { Button, Modal } from '@mantine/core';
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useMay } from '../access/may';
import { useEditor } from '../editor/context';
import { useFrontend } from '../lib/frontend';
import { words } from '../lib/format';
import type { Json, JsonObject } from '../lib/json';
import { examplesFor, parametersOf } from '../preview/path';
import { useExamples } from '../preview/view';
import { Empty } from '../ui/empty';
import { Waiting } from '../ui/waiting';
import './binding.css';
import { DataStep } from './data';
import { DocumentStep } from './choose';
import type { Binding } from './envelope';
import { slotsOf } from './fit';
import { unusable, useBindable } from './graph';
import { useSample } from './usesample';
import { given } from './variables';
import { problemsOf, VariablesStep } from './variablesstep';

interface PickerProps {
  /** Of the field. */
  readonly title: string;
  /** The whole props schema: references lead into it. */
  readonly root: JsonObject;
  /** Of the place. */
  readonly schema: Json;
  readonly bound: Binding | undefined;
  readonly use: (binding: Binding, document: string) => void;
  readonly close: () => void;
}

type Step = 'document' | 'variables' | 'data';
const STEPS: readonly (readonly [Step, string])[] = [['document', 'Document'], ['variables', 'Variables'], ['data', 'Data']];

export default function Picker({ title, root, schema, bound, use, close }: PickerProps): ReactNode {
  const id = useId();
  const { frontend } = useFrontend();
  const { screen, draft } = useEditor();
  const may = useMay('documents:read', { frontend });
  const [step, go] = useState<Step>(bound ? 'data' : 'document');
  const [hash, choose] = useState(bound?.document);
  const [variables, setVariables] = useState<JsonObject>(bound?.variables ?? {});
  const [path, setPath] = useState<string | undefined>(bound?.path);
  const [map, setMap] = useState(bound?.map);
  const [byPage, setByPage] = useState(bound?.byPage ?? false);
  const [chosen, setExample] = useExamples(frontend.slug, screen.key);
  const document = useBindable(hash);
  const wrong = document === null ? 'No such document is registered any more, or you may not look at it.' : document && unusable(document);
  const ready = document && wrong === undefined;
  const slots = useMemo(() => slotsOf(root, schema, (name) => words(name) || name), [root, schema]);

  // What the path of the screen would match: the same examples that the preview shows.
  const names = parametersOf(screen.path);
  const params = useMemo(() => ({ ...Object.fromEntries(chosen), ...examplesFor(screen.path, draft, chosen) }), [screen.path, draft, chosen]);
  const problems = useMemo(() => (ready ? problemsOf(document.variables, variables) : new Map<string, string>()), [document, ready, variables]);
  const asked = useMemo(() => (ready && problems.size === 0 ? given(variables, params, (name) => document.variables.find((variable) => variable.name === name)?.type) : undefined), [document, ready, problems, variables, params]);
  const sample = useSample(frontend.slug, step === 'data' && ready ? hash : undefined, asked);

  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) heading.current?.focus();
    before.current = step;
  }, [step]);

  const pick = (next: { readonly hash: string; readonly variables: number }): void => {
    if (next.hash !== hash) {
      choose(next.hash);
      setVariables({});
      setPath(undefined);
      setMap(undefined);
    }
    go(next.variables > 0 ? 'variables' : 'data');
  };
  const open = (to: Step): boolean => to === 'document' || (Boolean(ready) && (to === 'variables' || problems.size === 0));
  const [now] = [STEPS.findIndex(([name]) => name === step)];
  const [result, setResult] = useState<{ readonly path: string; readonly map: Readonly<Record<string, string>> | undefined; readonly problem: string | undefined }>();
  const possible = step === 'data' && ready && result !== undefined && result.problem === undefined;
  const submit = (): void => {
    if (!possible || hash === undefined) return;
    const declared = new Set(document.variables.map(({ name }) => name));
    use({ document: hash, variables: Object.fromEntries(Object.entries(variables).filter(([name]) => declared.has(name))), path: result.path, map: result.map, byPage }, document.name);
  };

  return (
    <Modal opened onClose={close} title={<>Bind <bdi>{title}</bdi> to data</>} size="58rem" classNames={{ content: 'binding-dialog' }}>
      {!may.allowed ? <Empty title="You cannot see the documents">{may.why}</Empty> : (
        <div className="binding">
          <ol className="binding-steps" aria-label="Steps">
            {STEPS.map(([name, label], i) => (
              <li key={name}>
                <button type="button" aria-current={name === step ? 'step' : undefined} disabled={!open(name)} data-done={i < now || undefined} onClick={() => go(name)}>
                  <span className="binding-number" aria-hidden="true">{i + 1}</span><span className="binding-label">{label}</span>
                  {name === 'document' && document && <span className="faint truncate binding-chosen" dir="auto">{document.name}</span>}
                </button>
              </li>
            ))}
          </ol>
          <section className="binding-step" aria-labelledby={`${id}step`}>
            <h3 id={`${id}step`} ref={heading} tabIndex={-1} className="visually-hidden">{STEPS[now]?.[1]}</h3>
            {step === 'document' ? <DocumentStep chosen={hash} pick={pick} />
              : document === undefined ? <Waiting rows={3} height={56} />
              : wrong !== undefined ? <p className="problem" role="alert" dir="auto">{wrong}. Choose another document.</p>
              : !document ? null
              : step === 'variables' ? <VariablesStep of={document.variables} values={variables} change={setVariables} problems={problems} names={screen.path === null ? undefined : names} params={params} example={setExample} />
              : <DataStep root={root} schema={schema} slots={slots} document={document} sample={sample} path={path} setPath={setPath} map={map} setMap={setMap} byPage={byPage} setByPage={setByPage} report={setResult} />}
          </section>
          <footer className="binding-foot">
            <p className="grow muted" role="status">{step === 'data' && ready ? result?.problem ?? '' : step === 'variables' && problems.size > 0 ? 'What is marked is needed, or cannot be read.' : ''}</p>
            <span className="row push">
              <Button variant="default" onClick={close}>Cancel</Button>
              {step === 'variables' && <Button disabled={!ready || problems.size > 0} onClick={() => go('data')}>Next</Button>}
              {step === 'data' && <Button disabled={!possible} onClick={submit}>Use</Button>}
            </span>
          </footer>
        </div>
      )}
    </Modal>
  );
}
