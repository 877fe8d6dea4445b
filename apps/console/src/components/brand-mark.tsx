import type { ReactElement } from 'react';

/** The sign of the product: a tree trained along its frame. Decorative; its name stands beside it. */
export function BrandMark(props: { className?: string | undefined }): ReactElement {
  return (
    <svg
      viewBox="0 0 32 32"
      aria-hidden="true"
      className={props.className}
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M16 29V4" />
      <path d="M16 25H8.500A4.500 4.500 0 0 1 4 20.500V8.500" />
      <path d="M16 25h7.500a4.500 4.500 0 0 0 4.500-4.500V8.500" />
      <path d="M16 18.500h-2.500A3.500 3.500 0 0 1 10 15V8.500" />
      <path d="M16 18.500h2.500A3.500 3.500 0 0 0 22 15V8.500" />
    </svg>
  );
}
