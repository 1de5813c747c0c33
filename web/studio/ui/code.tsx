import { Button } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { failedToCopy } from '../lib/copy';
import './code.css';

interface CodeProps {
  /** What it is, for who does not see it. */
  readonly label: string;
  readonly text: string;
  /** It is on the clipboard. */
  readonly copied?: (() => void) | undefined;
}

/** Text to copy. It scrolls by itself, also with the keyboard. */
export function Code({ label, text, copied }: CodeProps): ReactNode {
  return (
    <div className="code">
      <pre tabIndex={0} role="region" aria-label={label} dir="ltr"><code>{text}</code></pre>
      <CopyButton label={label} text={text} copied={copied} />
    </div>
  );
}

/** Puts a text on the clipboard and says so. */
export function CopyButton({ label, text, copied: then }: CodeProps): ReactNode {
  const [copied, say] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => say(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say(true);
      then?.();
    } catch {
      failedToCopy();
    }
  };
  return (
    <>
      <Button variant="default" size="compact-xs" className="code-copy" aria-label={`${copied ? 'Copied' : 'Copy'}: ${label}`} leftSection={copied ? <Check size={13} aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />} onClick={() => void copy()}>
        {copied ? 'Copied' : 'Copy'}
      </Button>
      <span className="visually-hidden" role="status">{copied ? 'Copied' : ''}</span>
    </>
  );
}
