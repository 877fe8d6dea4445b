import type { ReactElement } from 'react';
import styles from './espalier-picture.module.css';

/** Where tiers leave the trunk, and how far they reach. Units: of the picture's own frame. */
const TIERS = [
  { y: 470, reach: 210 },
  { y: 370, reach: 160 },
  { y: 270, reach: 110 },
  { y: 170, reach: 60 },
] as const;
const TRUNK_X = 260;
const TOP_Y = 70;
const BEND = 26;

/** The tree of the product's name: tiers trained along wires, each arm ending in leaves. */
export function EspalierPicture(): ReactElement {
  return (
    <svg viewBox="0 0 520 600" className={styles['picture']}>
      {TIERS.map(({ y }) => (
        <path key={y} d={`M20 ${y}H500`} className={styles['wire']} />
      ))}
      <path d={`M${TRUNK_X} 560V${TOP_Y}`} className={styles['trunk']} />
      {TIERS.flatMap(({ y, reach }) =>
        [-1, 1].map((side) => {
          const endX = TRUNK_X + side * reach;
          return (
            <g key={`${y}${side}`}>
              <path
                className={styles['arm']}
                d={`M${TRUNK_X} ${y}H${endX - side * BEND}Q${endX} ${y} ${endX} ${y - BEND}V${TOP_Y + 20}`}
              />
              {leavesAlong(y - BEND - 10, TOP_Y + 20).map((leafY, index) => (
                <path
                  key={leafY}
                  className={styles['leaf']}
                  d={leaf(endX, leafY, index % 2 === 0 ? 1 : -1)}
                />
              ))}
            </g>
          );
        }),
      )}
      <path d="M60 562H460" className={styles['ground']} />
    </svg>
  );
}

function leavesAlong(fromY: number, toY: number): number[] {
  const count = Math.max(1, Math.floor((fromY - toY) / 44) + 1);
  return Array.from({ length: count }, (_, index) => fromY - index * 44).filter((y) => y > toY - 6);
}

function leaf(x: number, y: number, side: 1 | -1): string {
  const tipX = x + side * 19;
  const tipY = y - 15;
  return `M${x} ${y}Q${x + side * 4} ${y - 15} ${tipX} ${tipY}Q${x + side * 17} ${y - 1} ${x} ${y}Z`;
}
