import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { count, plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { releaseOf } from '../shell/places';
import { Ago } from '../ui/ago';
import type { Usage } from './usage';

const SHOWN = 5;

/** Render errors before and after each publish. */
export function UsageReleases({ releases }: { readonly releases: Usage['releases'] }): ReactNode {
  const { frontend } = useFrontend();
  const [newest, before] = releases;
  if (!newest) return null;
  const worse = newest.count.renderErrors > 0 && newest.count.renderErrors * Math.max(1, before?.count.views ?? 0) > (before?.count.renderErrors ?? 0) * Math.max(1, newest.count.views);
  const Icon = worse ? CircleAlert : CircleCheck;
  const most = Math.max(...releases.slice(0, SHOWN).map(({ count: { renderErrors } }) => renderErrors), 1);
  return (
    <div className="usage-releases">
      <p data-worse={worse || undefined} data-testid="since-release">
        <Icon size={16} aria-hidden="true" />
        <span>
          Since <Link href={releaseOf(frontend.slug, newest.release.number)}>release {newest.release.number}</Link>: <b>{newest.count.renderErrors === 0 ? 'no render error' : plural(newest.count.renderErrors, 'render error')}</b>
          {' '}in {plural(newest.count.views, 'view')}
          {before && <>; before, with release {before.release.number}: <b>{count(before.count.renderErrors)}</b> in {plural(before.count.views, 'view')}</>}.
        </span>
      </p>
      {releases.length > 1 && (
        <table className="usage-table">
          <caption className="visually-hidden">By release, the newest first</caption>
          <thead><tr><th scope="col">Release</th><th scope="col">views</th><th scope="col">render errors</th></tr></thead>
          <tbody>
            {releases.slice(0, SHOWN).map(({ release, count: counts }) => (
              <tr key={release.id}>
                <th scope="row"><span className="truncate">{release.number} <bdi className="muted">{release.title}</bdi> <span className="faint"><Ago at={release.createdAt} /></span></span></th>
                <td>{count(counts.views)}</td>
                <td className={counts.renderErrors > 0 ? 'danger' : 'faint'}>
                  <span className="usage-bar" aria-hidden="true" style={{ inlineSize: `${(counts.renderErrors / most) * 4}rem` }} /> {count(counts.renderErrors)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
