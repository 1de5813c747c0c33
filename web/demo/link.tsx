import type { Props } from '@sonata/sdk';
import type { MouseEvent, ReactNode } from 'react';
import { useShop, type Shop } from './context';
import { decode, object, target, text, type Target } from './data';

/** Whether a link leads to a place on this screen that is not there: the block may be one that this build cannot render. */
const dangles = (to: Target | undefined, shop: Shop): boolean =>
  to !== undefined && to.kind !== 'outside' && to.hash.length > 1 && (to.kind === 'anchor' || to.path === shop.path) && !shop.has(decode(to.hash.slice(1)));

/** A link out of a screen. Its words stay when it may not lead anywhere. */
export function Link({ href, className, children }: { readonly href: string; readonly className?: string; readonly children: ReactNode }): ReactNode {
  const shop = useShop();
  const to = target(href, shop.path);
  if (!to) return <span className={className}>{children}</span>;
  if (dangles(to, shop)) return <span dir="auto">{children}</span>;
  if (to.kind === 'outside') return <a className={className} href={to.href} rel="noopener noreferrer" dir="auto">{children}</a>;
  const path = to.kind === 'anchor' ? shop.path : to.path;
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    shop.go(path, to.hash);
  };
  return <a className={className} href={shop.address(path, to.hash)} onClick={follow} dir="auto">{children}</a>;
}

/** A prop {label, href} as a link; nothing when it is not there, says nothing or leads to nothing on this screen. */
export function LinkProp({ props, name, className }: { readonly props: Props; readonly name: string; readonly className: string }): ReactNode {
  const shop = useShop();
  const link = object(props, name);
  const label = text(link, 'label');
  if (!link || label === '' || dangles(target(text(link, 'href'), shop.path), shop)) return null;
  return <Link href={text(link, 'href')} className={className}>{label}</Link>;
}
