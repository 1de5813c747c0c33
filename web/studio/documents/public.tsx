// Whether everybody may be given the same answer of a document on the screens that are bound to it.
import { Button, Switch, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Denied } from '../access/allowed';
import type { May } from '../access/may';
import { problemOf } from '../lib/failed';
import { plural } from '../lib/format';
import { toast } from '../lib/toast';
import { UPDATE, type Whole } from './graph';

const USUAL = 60;
const MOST = 86_400;

interface PublicProps {
  readonly of: Whole;
  readonly name: string;
  readonly may: May;
}

export function Public({ of: { id, publicMaxAge: before = null }, name, may }: PublicProps): ReactNode {
  const [typed, type] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, update] = useMutation(UPDATE);
  // What was chosen counts until what the server says has changed.
  const [chosen, choose] = useState<{ readonly before: number | null; readonly now: number | null }>();
  const publicMaxAge = chosen && chosen.before === before ? chosen.now : before;
  const on = publicMaxAge !== null;
  const text = typed ?? String(publicMaxAge ?? USUAL);
  const seconds = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const fits = seconds >= 1 && seconds <= MOST;
  const send = async (next: number | null): Promise<void> => {
    choose({ before, now: next });
    const { data, error } = await update({ input: { id, publicMaxAge: next } });
    const wrong = problemOf(error, data?.documentUpdate?.userErrors);
    setProblem(wrong);
    if (wrong !== undefined) return choose(undefined);
    type(undefined);
    toast({ message: next === null ? <>Each reader gets an answer of their own of <bdi>{name}</bdi>.</> : <>Everybody may be given the same answer of <bdi>{name}</bdi> for {plural(next, 'second')}.</>, tone: 'good' });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fits && seconds !== publicMaxAge && may.allowed) void send(seconds);
  };
  return (
    <section className="stack" aria-label={`Who ${name} answers the same`}>
      <div className="document-public">
        <Switch
          className="grow" checked={on} disabled={!may.allowed} onChange={(event) => void send(event.currentTarget.checked ? (fits ? seconds : USUAL) : null)}
          label="Everybody may be given the same answer" description="On screens that are bound to it, it is asked for without anybody’s rights then, and the answer is kept. Leave it off for what differs from reader to reader."
        />
        {on && (
          <form onSubmit={submit}>
            <span className="muted">for</span>
            <TextInput size="xs" inputMode="numeric" aria-label="Seconds" value={text} error={!fits} disabled={!may.allowed} onChange={(event) => type(event.currentTarget.value)} autoComplete="off" />
            <span className="muted">seconds</span>
            {typed !== undefined && seconds !== publicMaxAge && <Button type="submit" size="compact-sm" loading={fetching} disabled={!fits}>Save</Button>}
          </form>
        )}
      </div>
      {on && !fits && <p className="document-wrong" role="status">1 to {MOST.toLocaleString('en')} seconds, which is a day.</p>}
      <Denied may={may} />
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
    </section>
  );
}
