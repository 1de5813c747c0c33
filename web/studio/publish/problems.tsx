import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { sentence } from '../lib/failed';
import { words } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { editorOf } from '../shell/places';
import './problems.css';

export interface Problem {
  readonly severity: 'ERROR' | 'WARNING' | 'INFO';
  readonly code: string;
  readonly message: string;
  readonly screen?: string | null | undefined;
  readonly blockKey?: string | null | undefined;
}

const looks = { ERROR: ['danger', CircleAlert, 'Error'], WARNING: ['warning', TriangleAlert, 'Warning'], INFO: ['info', Info, 'Good to know'] } as const;

const SHOWN = 50;

/** What stands against a publish, each with the way to where it can be mended. */
export function Problems({ problems, leave }: { readonly problems: readonly Problem[]; /** Called as somebody goes to the place. */ readonly leave?: () => void }): ReactNode {
  const { frontend } = useFrontend();
  if (problems.length === 0) return null;
  return (
    <ul className="problems" aria-label="Problems">
      {problems.slice(0, SHOWN).map(({ severity, message, screen, blockKey }, i) => {
        const [tone, Icon, word] = looks[severity];
        return (
          <li key={i} data-tone={tone}>
            <Icon size={16} aria-hidden="true" />
            <span className="visually-hidden">{word}:</span>
            <span className="grow" dir="auto">{sentence(message)}</span>
            {screen && (
              <Link href={editorOf(frontend.slug, screen, blockKey ?? undefined)} onClick={() => leave?.()}>
                {words(screen)}{blockKey && <> › {words(blockKey)}</>}
              </Link>
            )}
          </li>
        );
      })}
      {problems.length > SHOWN && <li data-tone="plain"><span className="grow">and {problems.length - SHOWN} more</span></li>}
    </ul>
  );
}
