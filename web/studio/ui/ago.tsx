import { Tooltip } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { ago, exactly } from '../lib/format';

/** A moment as distance from now, kept true; the exact time is a hover away. */
export function Ago({ at }: { readonly at: string }): ReactNode {
  const [now, tick] = useState(Date.now);
  useEffect(() => {
    const near = Math.abs(new Date(at).getTime() - Date.now()) < 3_600_000;
    const timer = setInterval(() => tick(Date.now()), near ? 15_000 : 60_000);
    return () => clearInterval(timer);
  }, [at]);
  return <Tooltip label={exactly(at)}><time dateTime={at}>{ago(at, now)}</time></Tooltip>;
}
