import type { Props } from '@sonata/sdk';
import { useState, type ReactNode } from 'react';
import { artOf, Picture } from '../art';
import { useShop, type BlockProps } from '../context';
import { has, number, object, objects, remote, text } from '../data';
import { Star } from '../icons';
import { Link, LinkProp } from '../link';

function Price({ product }: { readonly product: Props }): ReactNode {
  const price = object(product, 'price');
  const amount = number(price, 'amount');
  return amount === undefined ? null : <Money amount={amount} currency={text(price, 'currency', 'EUR')} />;
}

function Money({ amount, currency }: { readonly amount: number; readonly currency: string }): ReactNode {
  let words: string;
  try {
    words = new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: Number.isInteger(amount) ? 0 : 2 }).format(amount);
  } catch {
    words = `${amount} ${currency}`; // not a currency code: say what is there
  }
  return <span className="price">{words}</span>;
}

const addressOf = (product: Props): string => `/products/${encodeURIComponent(text(product, 'handle'))}`;

/** What a service says of reviews: in words for everybody, in stars for the eye. */
function Rating({ item }: { readonly item: Props }): ReactNode {
  const reviews = number(item, 'reviews');
  const stars = number(item, 'stars');
  if (reviews === 0 || (stars === undefined && reviews === undefined)) return reviews === 0 && <span className="rating">No reviews yet</span>;
  const count = reviews !== undefined && <span>{reviews} {reviews === 1 ? 'review' : 'reviews'}</span>;
  if (stars === undefined) return <span className="rating">{count}</span>;
  const row = [1, 2, 3, 4, 5].map((i) => <Star key={i} on />);
  return (
    <span className="rating">
      <span className="meter" aria-hidden="true">{row}<span className="filled" style={{ width: `${Math.min(1, Math.max(0, stars / 5)) * 100}%` }}>{row}</span></span>
      <span><span aria-hidden="true">{stars.toFixed(1)}</span><span className="visually-hidden">{stars.toFixed(1)} of 5 stars</span></span>
      {count}
    </span>
  );
}

/** The picture of a service; the first letter of the name where there is none or it cannot be loaded. */
function Shown({ item }: { readonly item: Props }): ReactNode {
  const src = remote(text(item, 'image'));
  const [broken, setBroken] = useState<string>();
  if (src !== undefined && src !== broken) return <img className="picture" src={src} alt="" loading="lazy" decoding="async" referrerPolicy="no-referrer" onError={() => setBroken(src)} />;
  return <span className="initial" aria-hidden="true">{Array.from(text(item, 'title').trim())[0]}</span>;
}

/** What a service sells. Without data that is said, so that nobody waits for more. */
function Items({ items, lacking, columns }: { readonly items: readonly Props[]; readonly lacking: boolean; readonly columns: number }): ReactNode {
  if (items.length === 0) {
    return (
      <div className="nothing">
        <p>{lacking ? 'These products could not be loaded right now.' : 'There is nothing here right now.'}</p>
        {lacking && <p>They come back by themselves.</p>}
      </div>
    );
  }
  return (
    <ul data-columns={columns}>
      {items.map((item, i) => (
        <li key={`${text(item, 'title')} ${i}`} className="card">
          <span className="tile"><Shown item={item} /></span>
          <span className="row">
            <span className="name" dir="auto">{text(item, 'title')}</span>
            {number(item, 'price') !== undefined && <Money amount={(number(item, 'price') ?? 0) / 100} currency="EUR" />}
          </span>
          <Rating item={item} />
        </li>
      ))}
    </ul>
  );
}

export function ProductGrid({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const shop = useShop();
  const columns = Math.min(4, Math.max(2, Math.round(number(props, 'columns') ?? 4)));
  return (
    <section {...mark} className="grid">
      {(text(props, 'title') || text(props, 'intro')) && (
        <header className="heading">
          {text(props, 'title') && <h2 dir="auto">{text(props, 'title')}</h2>}
          {text(props, 'intro') && <p dir="auto">{text(props, 'intro')}</p>}
        </header>
      )}
      {has(props, 'items') ? <Items items={objects(props, 'items')} lacking={shop.lacks(block.key)} columns={columns} /> : (
        <ul data-columns={columns}>
          {objects(props, 'products').map((product, i) => (
            <li key={`${text(product, 'handle')} ${i}`}>
              <Link href={addressOf(product)} className="card">
                <span className="tile">
                  <Picture art={artOf(text(product, 'art'), 'vase')} />
                  {text(product, 'badge') && <span className="badge" dir="auto">{text(product, 'badge')}</span>}
                </span>
                <span className="row">
                  <span className="name" dir="auto">{text(product, 'name')}</span>
                  <Price product={product} />
                </span>
                {text(product, 'tagline') && <span className="tagline" dir="auto">{text(product, 'tagline')}</span>}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <LinkProp props={props} name="link" className="quiet" />
    </section>
  );
}

const FACTS = [['material', 'Material'], ['size', 'Size'], ['delivery', 'Delivery']] as const;

/** One product of the list: the one that the path of the screen names. */
export function ProductDetail({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const shop = useShop();
  const [added, setAdded] = useState(0);
  const handle = text(shop.params, 'handle');
  const products = objects(props, 'products');
  const product = handle === '' ? products[0] : products.find((p) => text(p, 'handle') === handle);
  if (!product) {
    return (
      <section {...mark} className="detail none">
        <h1 dir="auto">{text(props, 'missing', 'We do not carry this product any more.')}</h1>
        <p><Link href="/" className="button">Back to the shop</Link></p>
      </section>
    );
  }
  return (
    <section {...mark} className="detail">
      <div className="tile"><Picture art={artOf(text(product, 'art'), 'vase')} />{text(product, 'badge') && <span className="badge" dir="auto">{text(product, 'badge')}</span>}</div>
      <div className="words">
        <p className="crumbs"><Link href="/">Nordlys</Link> <span aria-hidden="true">/</span> <Link href="/#grid">Collection</Link></p>
        <h1 dir="auto">{text(product, 'name')}</h1>
        {text(product, 'tagline') && <p className="tagline" dir="auto">{text(product, 'tagline')}</p>}
        <Price product={product} />
        {text(product, 'description') && <p className="lead" dir="auto">{text(product, 'description')}</p>}
        <p className="actions">
          <button
            type="button"
            className="button"
            onClick={() => {
              shop.addToBasket();
              setAdded((n) => n + 1);
            }}
          >
            {text(props, 'buyLabel', 'Add to basket')}
          </button>
          <span role="status" className="added">{added > 0 && `In your basket${added > 1 ? ` (${added})` : ''}`}</span>
        </p>
        <dl>
          {FACTS.map(([name, label]) => text(product, name) !== '' && (
            <div key={name}>
              <dt>{label}</dt>
              <dd dir="auto">{text(product, name)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
