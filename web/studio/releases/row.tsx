import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useFrontend } from '../lib/frontend';
import { lines } from '../publish/words';
import { releaseOf } from '../shell/places';
import { Ago } from '../ui/ago';
import type { Release } from './list';
import type { Standing } from './standing';

/** Where a release is live, or was taken back from. */
export function Tags({ release, standing }: { readonly release: string; readonly standing: Standing | undefined }): ReactNode {
  return (
    <>
      {standing?.liveIn(release).map((key) => <span key={key} className="tag" data-tone="accent">{key}</span>)}
      {(standing?.takenBackFrom(release).length ?? 0) > 0 && <span className="tag" data-tone="warning">rolled back</span>}
    </>
  );
}

/** What a release changed, in one line. */
function told(release: Release): string {
  const all = release.changes.filter(({ kind }) => kind === 'SCREEN').flatMap(lines);
  const [first] = all;
  if (first === undefined) return 'Nothing that is seen';
  return all.length === 1 ? first : `${first}, and ${all.length - 1} more`;
}

interface RowProps {
  readonly release: Release;
  readonly standing: Standing | undefined;
  readonly current: boolean;
}

/** One release in the list. */
export function Row({ release, standing, current }: RowProps): ReactNode {
  const { frontend } = useFrontend();
  return (
    <li>
      <Link href={releaseOf(frontend.slug, release.number)} className="release-row" aria-current={current ? 'true' : undefined}>
        <span className="release-number" aria-label={`Release ${release.number}`}>{release.number}</span>
        <span className="grow">
          <b className="release-title" dir="auto">{release.title}</b>
          <span className="muted truncate release-told" dir="auto">{told(release)}</span>
          <span className="faint"><Ago at={release.createdAt} />{release.author && <> by <bdi>{release.author.name}</bdi></>}</span>
        </span>
        <span className="release-tags"><Tags release={release.id} standing={standing} /></span>
      </Link>
    </li>
  );
}
