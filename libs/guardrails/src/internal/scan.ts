/** The end of the run of characters that a sticky expression such as `/[a-z]{0,64}/y` takes at `position`. */
export function runEnd(text: string, position: number, run: RegExp): number {
  run.lastIndex = position;
  return run.test(text) ? run.lastIndex : position;
}

/** Whether the character at `position` fits `expression`; `false` outside the text. */
export function fitsAt(text: string, position: number, expression: RegExp): boolean {
  return position >= 0 && position < text.length && expression.test(text.charAt(position));
}

const DIGIT = /[0-9]/;
const ALPHANUMERIC = /[A-Za-z0-9]/;

/** Whether an ASCII digit stands at `position`. */
export function isDigitAt(text: string, position: number): boolean {
  return fitsAt(text, position, DIGIT);
}

/** Whether an ASCII letter or digit stands at `position`. */
export function isAlphanumericAt(text: string, position: number): boolean {
  return fitsAt(text, position, ALPHANUMERIC);
}
