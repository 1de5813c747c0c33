// The pictures of the shop, drawn here so that nothing is fetched from anywhere. A screen picks one by name.
import { useId, type ReactNode } from 'react';

export const ARTS = ['room', 'sofa', 'chair', 'lamp', 'pendant', 'table', 'shelf', 'stool', 'vase', 'rug'] as const;
export type Art = (typeof ARTS)[number];

const WOOD = '#b07a48';
const WOOD_DARK = '#7d5230';
const BRASS = '#b98a45';
const INK = '#26302d';

interface Piece {
  readonly name: string;
  readonly wall: string;
  readonly floor: string;
  readonly draw: (id: string) => ReactNode;
}

const glow = (id: string, color = '#fff3d0'): ReactNode => (
  <radialGradient id={id}>
    <stop offset="0" stopColor={color} stopOpacity=".95" />
    <stop offset=".45" stopColor={color} stopOpacity=".38" />
    <stop offset="1" stopColor={color} stopOpacity="0" />
  </radialGradient>
);

const PIECES = new Map<Art, Piece>([
  ['lamp', { name: 'A table lamp with a glowing opal globe', wall: '#33504a', floor: '#29423c', draw: (id) => (
    <>
      <defs>{glow(id)}</defs>
      <circle cx="160" cy="122" r="132" fill={`url(#${id})`} />
      <path d="M156 150h8v96h-8z" fill={BRASS} />
      <path d="M156 150h3v96h-3z" fill="#dcb56f" />
      <ellipse cx="160" cy="250" rx="46" ry="9" fill="#8f6830" />
      <ellipse cx="160" cy="246" rx="46" ry="9" fill={BRASS} />
      <circle cx="160" cy="122" r="50" fill="#fff8e6" />
      <path d="M160 72a50 50 0 0 1 0 100 62 62 0 0 0 0-100z" fill="#f6e3b6" opacity=".75" />
      <rect x="150" y="166" width="20" height="9" rx="3" fill={BRASS} />
      <path d="M118 262h84" stroke="#1f332e" strokeWidth="4" strokeLinecap="round" opacity=".5" />
    </>
  ) }],
  ['pendant', { name: 'A wide pendant lamp above a circle of light', wall: '#cdd8d2', floor: '#b9c8c0', draw: (id) => (
    <>
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#fff6d8" stopOpacity=".95" />
          <stop offset="1" stopColor="#fff6d8" stopOpacity="0" />
        </linearGradient>
      </defs>
      <path d="M160 0v78" stroke={INK} strokeWidth="3" />
      <path d="M74 164 28 292h264L246 164z" fill={`url(#${id})`} />
      <rect x="149" y="70" width="22" height="16" rx="5" fill="#b6492b" />
      <path d="M66 166c0-52 42-84 94-84s94 32 94 84z" fill="#cf5d38" />
      <path d="M66 166c0-52 42-84 94-84-34 8-58 40-62 84z" fill="#e27b53" opacity=".7" />
      <ellipse cx="160" cy="166" rx="94" ry="12" fill="#9c3e22" />
      <ellipse cx="160" cy="167" rx="80" ry="8" fill="#ffeec0" />
    </>
  ) }],
  ['sofa', { name: 'A three-seat sofa with wool covers', wall: '#e7d8c3', floor: '#d9c5aa', draw: () => (
    <>
      <ellipse cx="160" cy="258" rx="132" ry="9" fill="#8a7256" opacity=".35" />
      <path d="M56 240l-6 20M264 240l6 20M126 244v14M194 244v14" stroke={WOOD_DARK} strokeWidth="7" strokeLinecap="round" />
      <rect x="44" y="120" width="232" height="96" rx="26" fill="#4d6b5f" />
      <rect x="58" y="130" width="66" height="70" rx="18" fill="#5e7f72" />
      <rect x="127" y="130" width="66" height="70" rx="18" fill="#5e7f72" />
      <rect x="196" y="130" width="66" height="70" rx="18" fill="#5e7f72" />
      <rect x="60" y="190" width="200" height="30" rx="13" fill="#6f9284" />
      <path d="M160 192v26" stroke="#4d6b5f" strokeWidth="3" />
      <rect x="50" y="212" width="220" height="32" rx="12" fill="#3f5a50" />
      <rect x="22" y="160" width="44" height="84" rx="20" fill="#557567" />
      <rect x="254" y="160" width="44" height="84" rx="20" fill="#557567" />
      <rect x="206" y="152" width="46" height="44" rx="11" fill="#d98b5c" transform="rotate(9 229 174)" />
    </>
  ) }],
  ['chair', { name: 'A low lounge chair of smoked oak', wall: '#d6b08d', floor: '#c59a74', draw: () => (
    <>
      <ellipse cx="166" cy="262" rx="96" ry="8" fill="#6f4b2c" opacity=".35" />
      <path d="M96 262 128 150M236 262l-22-70" stroke="#4a3122" strokeWidth="10" strokeLinecap="round" />
      <path d="M116 262l22-60M214 262l-12-48" stroke="#3a2619" strokeWidth="8" strokeLinecap="round" opacity=".7" />
      <path d="M106 70c-9-3-17 4-15 13l24 112c2 9 9 15 18 15h96c10 0 16-8 14-17-2-7-8-11-15-11h-76c-6 0-10-3-11-9L120 84c-1-8-7-12-14-14z" fill="#5b3a27" />
      <path d="M112 84c-6-1-10 3-9 9l20 96c1 7 6 11 13 11h88c6 0 10-4 9-9-1-6-6-8-12-8h-70c-7 0-13-5-14-12L122 94c-1-6-4-9-10-10z" fill="#a8613a" />
      <path d="M108 168h122c8 0 12-5 12-10s-5-9-12-9H110" fill="none" stroke="#4a3122" strokeWidth="9" strokeLinecap="round" />
      <path d="M110 100l18 84" stroke="#c98559" strokeWidth="4" strokeLinecap="round" opacity=".8" />
    </>
  ) }],
  ['table', { name: 'A dining table of oiled oak with a bowl', wall: '#dfe3dc', floor: '#cfd5cb', draw: () => (
    <>
      <ellipse cx="160" cy="262" rx="138" ry="8" fill="#7d8a7c" opacity=".35" />
      <path d="M66 162 48 262M254 162l18 100" stroke={WOOD_DARK} strokeWidth="11" strokeLinecap="round" />
      <path d="M96 166 86 250M224 166l10 84" stroke="#694427" strokeWidth="8" strokeLinecap="round" opacity=".8" />
      <rect x="24" y="144" width="272" height="20" rx="7" fill={WOOD} />
      <path d="M30 150h260" stroke="#d3a06c" strokeWidth="3" strokeLinecap="round" />
      <path d="M124 108h76c0 24-16 36-38 36s-38-12-38-36z" fill="#33504a" />
      <ellipse cx="162" cy="108" rx="38" ry="7" fill="#223833" />
      <circle cx="146" cy="100" r="13" fill="#d9803f" />
      <circle cx="168" cy="97" r="14" fill="#e69a55" />
      <circle cx="184" cy="102" r="11" fill="#c96a31" />
      <path d="M236 96h18v48h-18z" fill="#f7f1e3" />
      <path d="M245 96V76" stroke={INK} strokeWidth="2" />
      <path d="M245 64c6 8 6 14 0 17-6-3-6-9 0-17z" fill="#f2b04f" />
    </>
  ) }],
  ['shelf', { name: 'A wall shelf with books and a plant', wall: '#e9ded0', floor: '#e9ded0', draw: () => (
    <>
      <path d="M84 40v232M236 40v232" stroke={INK} strokeWidth="5" strokeLinecap="round" />
      <g fill={WOOD}>
        <rect x="52" y="112" width="216" height="11" rx="3" />
        <rect x="52" y="186" width="216" height="11" rx="3" />
        <rect x="52" y="256" width="216" height="11" rx="3" />
      </g>
      <rect x="100" y="62" width="16" height="50" fill="#a8472a" />
      <rect x="118" y="54" width="20" height="58" fill="#33504a" />
      <rect x="140" y="68" width="13" height="44" fill="#d7a65b" />
      <rect x="158" y="58" width="16" height="54" fill="#51748a" transform="rotate(9 158 112)" />
      <path d="M196 88h30l-5 24h-20z" fill="#c96f49" />
      <path d="M211 88c-4-22-18-24-22-32 14 0 20 10 22 20 1-14 4-26 16-30 2 16-6 24-14 42z" fill="#4f7a5e" />
      <path d="M104 186c0-24 8-26 8-40h14c0 14 8 16 8 40z" fill="#f5efe2" />
      <rect x="156" y="168" width="60" height="9" rx="2" fill="#51748a" />
      <rect x="160" y="177" width="54" height="9" rx="2" fill="#a8472a" />
      <rect x="98" y="216" width="14" height="40" fill="#d7a65b" />
      <rect x="114" y="208" width="18" height="48" fill="#7a4f68" />
      <rect x="134" y="220" width="12" height="36" fill="#33504a" />
      <circle cx="196" cy="236" r="20" fill="#2f3a36" />
      <circle cx="196" cy="236" r="15" fill="#f7f1e3" />
      <path d="M196 226v10l7 5" stroke="#2f3a36" strokeWidth="3" strokeLinecap="round" fill="none" />
    </>
  ) }],
  ['stool', { name: 'A stool of turned birch', wall: '#c8d5dc', floor: '#b5c5ce', draw: () => (
    <>
      <ellipse cx="160" cy="262" rx="84" ry="8" fill="#51687a" opacity=".3" />
      <path d="M128 140 104 262M192 140l24 122M160 142v112" stroke="#c79a66" strokeWidth="13" strokeLinecap="round" />
      <path d="M128 140 104 262M192 140l24 122" stroke="#dcb686" strokeWidth="5" strokeLinecap="round" />
      <path d="M117 212h86" stroke="#b98a56" strokeWidth="7" strokeLinecap="round" />
      <ellipse cx="160" cy="138" rx="76" ry="20" fill="#b98a56" />
      <ellipse cx="160" cy="130" rx="76" ry="20" fill="#e6c79d" />
      <ellipse cx="160" cy="130" rx="50" ry="12" fill="none" stroke="#d2ab79" strokeWidth="2.5" />
      <ellipse cx="160" cy="130" rx="24" ry="5.5" fill="none" stroke="#d2ab79" strokeWidth="2.5" />
    </>
  ) }],
  ['vase', { name: 'A stoneware vase with a single branch', wall: '#e2c4b3', floor: '#d6b19c', draw: () => (
    <>
      <ellipse cx="160" cy="262" rx="66" ry="8" fill="#7b4f3b" opacity=".3" />
      <path d="M160 150c-6-40 18-66 12-118" fill="none" stroke="#5a4634" strokeWidth="4" strokeLinecap="round" />
      <path d="M166 96c20-6 30-20 38-38M162 122c-18-6-30-18-36-36" fill="none" stroke="#5a4634" strokeWidth="3" strokeLinecap="round" />
      <g fill="#f9efe4">
        <circle cx="172" cy="32" r="9" /><circle cx="204" cy="57" r="10" /><circle cx="126" cy="86" r="9" />
        <circle cx="184" cy="84" r="7" /><circle cx="144" cy="110" r="7" /><circle cx="171" cy="62" r="6" />
      </g>
      <path d="M142 142h36v18c30 14 42 40 34 70-4 18-18 32-52 32s-48-14-52-32c-8-30 4-56 34-70z" fill="#5a7068" />
      <path d="M142 160c-30 14-42 40-34 70 4 18 18 32 52 32-30-12-40-70-18-102z" fill="#6f887e" />
      <path d="M106 214c34 8 74 8 108 0" fill="none" stroke="#e9dcc6" strokeWidth="4" opacity=".6" />
      <ellipse cx="160" cy="142" rx="18" ry="4" fill="#35463f" />
    </>
  ) }],
  ['rug', { name: 'A woven rug', wall: '#e7dcc9', floor: '#d8c8ae', draw: () => (
    <>
      <path d="M70 96h180l38 150H32z" fill="#a8472a" />
      <path d="M82 110h156l30 122H52z" fill="none" stroke="#f0dfc4" strokeWidth="5" />
      <path d="M160 124l44 46-44 46-44-46z" fill="#f0dfc4" />
      <path d="M160 144l24 26-24 26-24-26z" fill="#33504a" />
    </>
  ) }],
]);

/** One piece on its own small stage. */
export function Picture({ art }: { readonly art: Art }): ReactNode {
  const id = useId();
  const piece = PIECES.get(art);
  if (!piece) return <Room />;
  return (
    <svg className="picture" viewBox="0 0 320 320" role="img" aria-label={piece.name} preserveAspectRatio="xMidYMid slice">
      <rect width="320" height="320" fill={piece.wall} />
      {piece.floor !== piece.wall && <rect y="232" width="320" height="88" fill={piece.floor} />}
      {piece.draw(id)}
    </svg>
  );
}

/** The living room of the hero: a window full of northern lights, and everything the shop sells. */
export function Room(): ReactNode {
  const id = useId();
  const ref = (name: string): string => `url(#${id}${name})`;
  return (
    <svg className="picture room" viewBox="0 0 640 560" role="img" aria-label="A living room in the evening: northern lights in a tall window, a sofa, a glowing lamp" preserveAspectRatio="xMidYMax slice">
      <defs>
        <linearGradient id={`${id}sky`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#0b1a2c" />
          <stop offset=".6" stopColor="#16394a" />
          <stop offset="1" stopColor="#2f6a66" />
        </linearGradient>
        <linearGradient id={`${id}a`} x1="0" y1="0" x2="1" y2="0">
          <stop offset="0" stopColor="#6ee7b7" stopOpacity="0" />
          <stop offset=".35" stopColor="#7df0bd" stopOpacity=".95" />
          <stop offset=".75" stopColor="#5fc3d9" stopOpacity=".8" />
          <stop offset="1" stopColor="#a78bdc" stopOpacity=".1" />
        </linearGradient>
        <linearGradient id={`${id}b`} x1="0" y1="0" x2="1" y2="0">
          <stop offset="0" stopColor="#a78bdc" stopOpacity="0" />
          <stop offset=".5" stopColor="#9b8fe6" stopOpacity=".75" />
          <stop offset="1" stopColor="#6ee7b7" stopOpacity=".1" />
        </linearGradient>
        <linearGradient id={`${id}wall`} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#28443f" />
          <stop offset="1" stopColor="#1b302d" />
        </linearGradient>
        {glow(`${id}glow`, '#ffd997')}
        <filter id={`${id}soft`} x="-30%" y="-60%" width="160%" height="220%"><feGaussianBlur stdDeviation="11" /></filter>
        <clipPath id={`${id}pane`}><path d="M208 396V190c0-72 54-126 122-126s122 54 122 126v206z" /></clipPath>
      </defs>
      <rect width="640" height="560" fill={ref('wall')} />
      <rect y="452" width="640" height="108" fill="#4a3122" />
      <path d="M0 486h640M0 522h640" stroke="#3b261a" strokeWidth="2" />
      <rect y="444" width="640" height="9" fill="#152725" />

      <path d="M196 408V190c0-79 59-138 134-138s134 59 134 138v218z" fill="#6d4a2f" />
      <g clipPath={ref('pane')}>
        <rect x="200" y="56" width="260" height="346" fill={ref('sky')} />
        <g fill="#f3f7ff">
          <circle cx="238" cy="150" r="1.6" /><circle cx="268" cy="96" r="1.9" /><circle cx="304" cy="124" r="1.3" /><circle cx="352" cy="88" r="1.8" />
          <circle cx="398" cy="118" r="1.4" /><circle cx="424" cy="170" r="1.8" /><circle cx="226" cy="214" r="1.3" /><circle cx="374" cy="150" r="1.3" />
          <circle cx="330" cy="76" r="1.2" /><circle cx="438" cy="214" r="1.3" /><circle cx="286" cy="166" r="1.2" />
        </g>
        <g filter={ref('soft')}>
          <path className="aurora" d="M180 250c60-96 110 6 160-62s90-48 140-96v70c-50 30-84 30-134 92s-110-24-166 62z" fill={ref('a')} />
          <path className="aurora late" d="M190 170c50-70 100-10 150-50s70-40 130-46v44c-60 10-80 20-130 58s-100-12-150 44z" fill={ref('b')} />
        </g>
        <path d="M196 360l56-66 40 42 52-74 62 78 30-30 40 46v60H196z" fill="#0e2228" />
        <path d="M344 262l-20 29 14 8 10-11 12 16 9-12zM252 294l-16 19 12 6 8-7 9 9z" fill="#dfeef0" opacity=".85" />
        <path d="M196 372c60-16 200-16 272 0v34H196z" fill="#163038" />
      </g>
      <path d="M330 58v338M206 228h248" stroke="#6d4a2f" strokeWidth="8" />
      <rect x="182" y="398" width="296" height="15" rx="4" fill="#83593a" />

      <path d="M560 0v104" stroke="#0f1d1b" strokeWidth="3" />
      <path d="M508 150c0-30 23-48 52-48s52 18 52 48z" fill="#cf5d38" />
      <ellipse cx="560" cy="150" rx="52" ry="8" fill="#9c3e22" />
      <ellipse cx="560" cy="151" rx="43" ry="5" fill="#ffe6a8" />
      <path d="M517 156 470 452h180l-47-296z" fill="#ffe3a0" opacity=".09" />

      <circle cx="104" cy="262" r="170" fill={ref('glow')} className="glow" />
      <path d="M101 286h6v172h-6z" fill={BRASS} />
      <ellipse cx="104" cy="462" rx="36" ry="8" fill={BRASS} />
      <path d="M62 292 78 214h52l16 78z" fill="#fbe6b6" />
      <path d="M62 292 78 214h14l-8 78z" fill="#fff4d8" />

      <ellipse cx="352" cy="516" rx="230" ry="30" fill="#a8472a" />
      <ellipse cx="352" cy="514" rx="206" ry="24" fill="none" stroke="#e9c9a0" strokeWidth="4" />
      <ellipse cx="352" cy="513" rx="176" ry="18" fill="none" stroke="#7f3119" strokeWidth="3" />

      <path d="M206 482l-7 26M486 482l7 26M300 486v18M392 486v18" stroke="#2c1b10" strokeWidth="9" strokeLinecap="round" />
      <rect x="186" y="332" width="320" height="120" rx="32" fill="#557a6d" />
      <rect x="204" y="346" width="92" height="86" rx="22" fill="#688f81" />
      <rect x="300" y="346" width="92" height="86" rx="22" fill="#688f81" />
      <rect x="396" y="346" width="92" height="86" rx="22" fill="#688f81" />
      <rect x="206" y="422" width="280" height="38" rx="16" fill="#7aa494" />
      <path d="M346 424v34" stroke="#557a6d" strokeWidth="3" />
      <rect x="192" y="450" width="308" height="38" rx="15" fill="#466a5d" />
      <rect x="158" y="384" width="58" height="104" rx="26" fill="#5e8677" />
      <rect x="476" y="384" width="58" height="104" rx="26" fill="#5e8677" />
      <rect x="222" y="374" width="60" height="56" rx="13" fill="#e09a63" transform="rotate(-9 252 402)" />
      <rect x="270" y="384" width="50" height="46" rx="12" fill="#f0dfc4" transform="rotate(6 295 407)" />
      <path d="M404 424c20-12 72-12 88 4l-6 52c-24-12-56-10-82 0z" fill="#f0dfc4" />
      <path d="M410 440c24-8 54-8 78 2M408 458c24-8 54-8 78 2" stroke="#c8673f" strokeWidth="4" fill="none" opacity=".8" />

      <ellipse cx="586" cy="434" rx="44" ry="10" fill="#c99b66" />
      <path d="M586 442v66M560 508h52" stroke={WOOD_DARK} strokeWidth="8" strokeLinecap="round" />
      <path d="M572 384h26v12c12 8 12 28-2 38h-22c-14-10-14-30-2-38z" fill="#e8ddcb" />
      <path d="M585 386c-2-34 12-44 8-74M588 350c12-4 18-12 22-24M584 362c-12-4-18-12-20-24" stroke="#d8c3a2" strokeWidth="3" fill="none" strokeLinecap="round" />
      <g fill="#f6c58f"><circle cx="593" cy="312" r="6" /><circle cx="610" cy="326" r="6" /><circle cx="564" cy="338" r="6" /><circle cx="588" cy="342" r="4" /></g>
    </svg>
  );
}

/** Whether a word out of props names a picture. */
export const artOf = (word: string, otherwise: Art = 'room'): Art => ARTS.find((art) => art === word) ?? otherwise;
