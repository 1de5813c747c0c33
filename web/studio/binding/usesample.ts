import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { JsonObject } from '../lib/json';
import { keep, questionOf, run, sampleOf, subscribe, versionOfSamples, type Sample } from './sample';

export interface Sampling {
  readonly sample: Sample | undefined;
  readonly fetching: boolean;
  readonly again: () => void;
}

/** The sample of a document with some variables: that of last time at once, and a new one as soon as it is there. */
export function useSample(slug: string, hash: string | undefined, variables: JsonObject | undefined): Sampling {
  useSyncExternalStore(subscribe, versionOfSamples);
  const question = hash === undefined || variables === undefined ? undefined : questionOf(slug, hash, variables);
  const [asking, ask] = useState<string>();
  const [turn, turnOn] = useState(0);
  useEffect(() => {
    if (question === undefined || hash === undefined || variables === undefined) return;
    let gone = false;
    ask(question);
    void run(slug, hash, variables).then((sample) => {
      keep(question, sample);
      if (!gone) ask(undefined);
    });
    return () => {
      gone = true;
    };
    // The question says all that is asked.
  }, [question, turn]);
  return { sample: question === undefined ? undefined : sampleOf(question), fetching: asking !== undefined && asking === question, again: useCallback(() => turnOn((n) => n + 1), []) };
}
