import type { MouseEvent, ReactNode } from 'react';
import { useShop } from './context';
import { object, target, text } from './data';
import type { Props } from './types';

/** A link out of a screen. Its words stay when it may not lead anywhere. */
export function Link({ href, className, children }: { readonly href: string; readonly className?: string; readonly children: ReactNode }): ReactNode {
  const shop = useShop();
  const to = target(href, shop.path);
  if (!to) return <span className={className}>{children}</span>;
  if (to.kind === 'outside') return <a className={className} href={to.href} rel="noopener noreferrer" dir="auto">{children}</a>;
  const path = to.kind === 'anchor' ? shop.path : to.path;
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    shop.go(path, to.hash);
  };
  return <a className={className} href={shop.address(path, to.hash)} onClick={follow} dir="auto">{children}</a>;
}

/** A prop {label, href} as a link; nothing when it is not there or says nothing. */
export function LinkProp({ props, name, className }: { readonly props: Props; readonly name: string; readonly className: string }): ReactNode {
  const link = object(props, name);
  const label = text(link, 'label');
  if (!link || label === '') return null;
  return <Link href={text(link, 'href')} className={className}>{label}</Link>;
}
