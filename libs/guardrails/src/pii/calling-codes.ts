/** Calling codes with the fewest and most digits that follow them, where those are narrow enough to tell. */
const LENGTHS: Readonly<Record<string, readonly [number, number]>> = {
  '1': [10, 10],
  '7': [10, 10],
  '20': [8, 10],
  '27': [9, 9],
  '30': [10, 10],
  '31': [9, 9],
  '32': [8, 9],
  '33': [9, 9],
  '34': [9, 9],
  '36': [8, 9],
  '39': [6, 11],
  '40': [9, 9],
  '41': [9, 9],
  '43': [7, 13],
  '44': [9, 10],
  '45': [8, 8],
  '46': [7, 10],
  '47': [8, 8],
  '48': [9, 9],
  '49': [7, 12],
  '51': [8, 9],
  '52': [10, 10],
  '54': [10, 11],
  '55': [10, 11],
  '56': [9, 9],
  '57': [10, 10],
  '60': [8, 10],
  '61': [9, 9],
  '62': [8, 12],
  '63': [8, 10],
  '64': [8, 10],
  '65': [8, 8],
  '66': [8, 9],
  '81': [9, 10],
  '82': [8, 10],
  '84': [9, 10],
  '86': [10, 11],
  '90': [10, 10],
  '91': [10, 10],
  '351': [9, 9],
  '352': [6, 11],
  '353': [8, 9],
  '354': [7, 7],
  '358': [6, 11],
  '380': [9, 9],
  '420': [9, 9],
  '421': [9, 9],
  '852': [8, 8],
  '886': [8, 9],
  '966': [8, 9],
  '971': [8, 9],
  '972': [8, 9],
};

/** The other two- and three-digit codes in use. */
const OTHERS = new Set(
  (
    '53 58 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 ' +
    '238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 ' +
    '267 268 269 290 291 297 298 299 350 355 356 357 359 370 371 372 373 374 375 376 377 378 381 382 383 385 386 387 ' +
    '389 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 ' +
    '677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 850 853 855 856 870 880 881 882 883 888 960 961 962 ' +
    '963 964 965 967 968 970 973 974 975 976 977 992 993 994 995 996 998'
  ).split(' '),
);

/** What most plans allow after the code. */
const USUAL: readonly [number, number] = [6, 12];

/** Whether digits, without `+`, begin with a calling code in use and have a length that its plan allows. */
export function isInternationalNumber(digits: string): boolean {
  if (digits.length < 7 || digits.length > 15) return false;
  for (const length of [1, 2, 3]) {
    const code = digits.slice(0, length);
    const bounds = LENGTHS[code] ?? (OTHERS.has(code) ? USUAL : undefined);
    if (bounds === undefined) continue;
    const rest = digits.length - length;
    // An area code of North America begins with 2 to 9.
    return rest >= bounds[0] && rest <= bounds[1] && (code !== '1' || /^1[2-9]/.test(digits));
  }
  return false;
}
